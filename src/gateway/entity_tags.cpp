#include "gateway/entity_tags.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace userinfo::gateway {

namespace {

// Takes one entity tag off the front of `list`; nothing if there is none.
std::optional<std::string_view> take_tag(std::string_view& list) {
    const std::size_t open = list.starts_with("W/") ? 2 : 0;
    if (list.size() <= open || list[open] != '"') return std::nullopt;
    const auto close = list.find('"', open + 1);
    if (close == list.npos) return std::nullopt;
    const auto tag = list.substr(0, close + 1);
    list.remove_prefix(tag.size());
    return tag;
}

// Adds the tags of one line. base/comma_list.h would split a tag that has a comma. Returns false if the line is not
// a list, or if there are too many.
bool add_tags(std::string_view line, entity_tags& to) {
    for (line = trim(line); !line.empty(); line = trim(line)) {
        if (line.front() != ',') {
            const auto tag = take_tag(line);
            if (!tag || to.tags.size() == most_tags) return false;
            to.tags.push_back(*tag);
            line = trim(line);
        }
        if (!line.empty() && line.front() != ',') return false;
        line.remove_prefix(std::min<std::size_t>(1, line.size()));
    }
    return true;
}

}  // namespace

std::string_view opaque_tag(std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; }

bool entity_tags::match_strongly(std::string_view tag) const {
    return any || std::ranges::find(tags, tag) != tags.end();
}

bool entity_tags::match_weakly(std::string_view tag) const {
    return any || std::ranges::find(tags, tag, opaque_tag) != tags.end();
}

result<std::optional<entity_tags>> read_entity_tags(const http::request& request, std::string_view name) {
    std::optional<entity_tags> found;
    for (const auto& header : request.headers) {
        if (!equal_ignoring_case(header.name, name)) continue;
        const bool is_first = !found;
        if (is_first) found.emplace();
        if (is_first && trim(header.value) == "*") {
            found->any = true;
        } else if (found->any || !add_tags(header.value, *found)) {
            return failure(errc::invalid_argument,
                           std::string(name).append(" is neither \"*\" nor a list of at most ") +
                               std::to_string(most_tags) + " entity tags.");
        }
    }
    return found;
}

}  // namespace userinfo::gateway
