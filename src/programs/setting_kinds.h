// Parses the values of particular settings. Each function throws std::invalid_argument that says what was expected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attempts/source_limits.h"
#include "base/log.h"
#include "gateway/forwarded.h"
#include "net/address.h"
#include "session/session_check.h"

namespace userinfo::programs {

// The words that settings take, in the order of what they mean.
inline constexpr std::string_view flag_words = "true, false";
inline constexpr std::string_view forwarded_headers = "x-forwarded-for, forwarded";
inline constexpr std::string_view primary_losses = "serve, refuse";
inline constexpr std::string_view log_levels = "debug, info, warning, error, off";
inline constexpr std::string_view log_formats = "automatic, json, plain";

source_rate read_rate(std::string_view text);
std::string read_public_url(std::string_view text);
std::vector<std::string> read_proxies(std::string_view text);
gateway::forwarded_header read_forwarded_header(std::string_view text);
std::string read_pages_path(std::string_view text);
std::string read_product_name(std::string_view text);
std::string read_home(std::string_view text);
std::vector<std::string> read_return_origins(std::string_view text);
std::string read_text(std::string_view text);
net::address read_tcp_address(std::string_view text);
std::string read_rpc_address(std::string_view text);
std::string read_target(std::string_view text);
std::vector<std::string> read_targets(std::string_view text);
std::vector<std::string> read_etcd_members(std::string_view text);
primary_loss read_primary_loss(std::string_view text);
log_level read_level(std::string_view text);
log_format read_format(std::string_view text);
std::vector<std::string> read_nodes(std::string_view text);
std::vector<std::string> read_database_hosts(std::string_view text);

}  // namespace userinfo::programs
