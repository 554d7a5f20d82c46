// Reads a header field that lists entity tags: If-Match or If-None-Match (RFC 9110 sections 8.8.3, 13.1.1 and 13.1.2).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace userinfo::gateway {

inline constexpr std::size_t most_tags = 16;

// The views point into the request.
struct entity_tags {
    bool any = false;                         // "*"
    std::vector<std::string_view> tags = {};  // as sent: "..." or W/"..."; there may be none

    // Strong comparison (RFC 9110 section 8.8.3.2), for If-Match. An empty `tag` stands for a representation that has
    // none: only "*" matches it.
    bool match_strongly(std::string_view tag) const;

    // Weak comparison, for If-None-Match. `tag` is a strong one, or empty as above.
    bool match_weakly(std::string_view tag) const;
};

// A tag without the mark of a weak one.
std::string_view opaque_tag(std::string_view tag);

// All lines of a field are one list, in which elements may be empty (RFC 9110 sections 5.3 and 5.6.1.2). Empty
// optional: there is no such field. errc::invalid_argument: it is neither "*" nor a list of at most `most_tags` tags.
result<std::optional<entity_tags>> read_entity_tags(const http::request& request, std::string_view name);

}  // namespace userinfo::gateway
