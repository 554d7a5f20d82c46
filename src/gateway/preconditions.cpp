#include "gateway/preconditions.h"

#include <charconv>

#include "base/ascii.h"

namespace userinfo::gateway {

namespace {

constexpr std::string_view if_match = "If-Match";
constexpr std::size_t most_tags = 16;

std::unexpected<error> not_a_list() {
    return failure(errc::invalid_argument, "If-Match is not a list of at most 16 entity tags.");
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
    std::uint64_t number = 0;
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    return !digits.empty() && read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

// Takes one entity tag (RFC 9110 section 8.8.3) off the front of `list`; nothing if there is none.
std::optional<std::string_view> take_tag(std::string_view& list) {
    const std::size_t open = list.starts_with("W/") ? 2 : 0;
    if (list.size() <= open || list[open] != '"') return std::nullopt;
    const auto close = list.find('"', open + 1);
    if (close == list.npos) return std::nullopt;
    const auto tag = list.substr(0, close + 1);
    list.remove_prefix(tag.size());
    return tag;
}

// 0 for a tag that is none of ours: no profile has that version. Tags compare byte by byte: "01" is not "1".
std::uint64_t version_of(std::string_view tag) {
    const auto version = tag.starts_with('"') ? parse_number(tag.substr(1, tag.size() - 2)) : std::nullopt;
    return version && to_etag(*version) == tag ? *version : 0;
}

}  // namespace

std::string to_etag(std::uint64_t version) { return '"' + std::to_string(version) + '"'; }

result<std::vector<std::uint64_t>> read_if_match(const http::request& request) {
    std::vector<std::uint64_t> versions;
    const auto count = request.count_headers(if_match);
    if (count == 0) return versions;
    auto list = trim(request.header_value(if_match));
    if (count == 1 && list == "*") return versions;
    for (;;) {
        const auto tag = take_tag(list);
        if (!tag || count > 1 || versions.size() == most_tags) return not_a_list();
        versions.push_back(version_of(*tag));
        list = trim(list);
        if (list.empty()) return versions;
        if (list.front() != ',') return not_a_list();
        list = trim(list.substr(1));
    }
}

std::string to_seen_version(const seen_version& seen) {
    auto text = seen.account.to_string();
    const auto version = std::to_string(seen.version);
    text.reserve(text.size() + 1 + version.size());
    return text.append(1, '.').append(version);
}

std::optional<seen_version> parse_seen_version(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == text.npos) return std::nullopt;
    const auto account = uuid::parse(text.substr(0, dot));
    const auto version = parse_number(text.substr(dot + 1));
    if (!account || !version) return std::nullopt;
    return seen_version{.account = *account, .version = *version};
}

}  // namespace userinfo::gateway
