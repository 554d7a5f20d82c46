// Versions in headers: ETag, If-Match, If-None-Match (RFC 9110 sections 8.8.3 and 13) and Userinfo-Version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gateway/entity_tags.h"
#include "http/message.h"
#include "service/use_cases.h"

namespace userinfo::gateway {

// "\"3\"".
std::string to_etag(std::uint64_t version);

// Returns the versions that If-Match allows. Empty: there is no such header, or it is "*" (a write always requires an
// existing profile). A weak or foreign tag matches nothing and counts as version 0, as does a list without a tag.
// errc::invalid_argument: see entity_tags.h.
result<std::vector<std::uint64_t>> read_if_match(const http::request& request);

// "<public id>.<version>".
std::string to_seen_version(const seen_version& seen);

// Empty if the text is not a seen version. It is only a hint, so an invalid one is ignored.
std::optional<seen_version> parse_seen_version(std::string_view text);

}  // namespace userinfo::gateway
