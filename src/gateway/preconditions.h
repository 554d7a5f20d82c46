// Versions in headers: ETag, the conditions If-Match and If-None-Match (RFC 9110 sections 8.8.3 and 13), and
// Userinfo-Version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/entity_tags.h"
#include "http/message.h"
#include "service/use_cases.h"

namespace userinfo::gateway {

// "\"3\"".
std::string to_etag(std::uint64_t version);

// The conditions of a request. Without a field there is no condition.
struct preconditions {
    std::optional<entity_tags> if_match = {};
    std::optional<entity_tags> if_none_match = {};
};

// Whether there is a condition. Costs less than to read it.
bool has_preconditions(const http::request& request);

// errc::invalid_argument: see entity_tags.h.
result<preconditions> read_preconditions(const http::request& request);

enum class verdict {
    met,
    other_version,  // If-Match names another one
    same_version,   // If-None-Match names this one: a read is answered with 304, a write is refused
};

// Compares the conditions with a representation that exists, in the order of section 13.2.2. `etag` is its tag; empty:
// it has none.
verdict judge(const preconditions& conditions, std::string_view etag);

// The condition of a write of a profile that exists. Tags that are not ours are no profile's version.
write_condition to_write_condition(const preconditions& conditions);

// "<public id>.<version>".
std::string to_seen_version(const seen_version& seen);

// Empty if the text is not a seen version. It is only a hint, so an invalid one is ignored.
std::optional<seen_version> parse_seen_version(std::string_view text);

}  // namespace userinfo::gateway
