#include "gateway/preconditions.h"

#include <charconv>

namespace userinfo::gateway {

namespace {

std::optional<std::uint64_t> parse_number(std::string_view digits) {
    std::uint64_t number = 0;
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    return !digits.empty() && read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

// 0 for a tag that is none of ours: no profile has that version. Tags compare byte by byte: "01" is not "1".
std::uint64_t version_of(std::string_view tag) {
    const auto version = tag.starts_with('"') ? parse_number(tag.substr(1, tag.size() - 2)) : std::nullopt;
    return version && to_etag(*version) == tag ? *version : 0;
}

}  // namespace

std::string to_etag(std::uint64_t version) { return '"' + std::to_string(version) + '"'; }

result<std::vector<std::uint64_t>> read_if_match(const http::request& request) {
    const auto read = read_entity_tags(request, "If-Match");
    if (!read) return std::unexpected(read.error());
    std::vector<std::uint64_t> versions;
    if (!*read || (*read)->any) return versions;
    for (const auto tag : (*read)->tags) versions.push_back(version_of(tag));
    if (versions.empty()) versions.push_back(0);
    return versions;
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
