// Versions as they travel in headers: ETag, If-Match (RFC 9110 sections 8.8.3 and 13.1.1), Userinfo-Version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "service/use_cases.h"

namespace userinfo::gateway {

// "\"3\"".
std::string to_etag(std::uint64_t version);

// The versions that If-Match allows; empty if there is no such header or it is "*" (a write itself demands that the
// profile exists). A weak or foreign tag matches nothing and counts as version 0. errc::invalid_argument: not a list of
// at most 16 entity tags.
result<std::vector<std::uint64_t>> read_if_match(const http::request& request);

// "<public id>.<version>".
std::string to_seen_version(const seen_version& seen);

// Nothing if it is not one: what a client has seen is a hint, and a broken hint is none.
std::optional<seen_version> parse_seen_version(std::string_view text);

}  // namespace userinfo::gateway
