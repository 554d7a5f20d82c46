#include "gateway/preconditions.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/ascii.h"

namespace userinfo::gateway {

namespace {

constexpr std::string_view if_match = "If-Match";
constexpr std::string_view if_none_match = "If-None-Match";
constexpr std::uint64_t no_version = 0;  // no profile that exists has it

std::optional<std::uint64_t> parse_number(std::string_view digits) {
    std::uint64_t number = 0;
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    return !digits.empty() && read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

// `no_version` for a tag that is none of ours. Tags compare byte by byte: "01" is not "1".
std::uint64_t version_of(std::string_view tag) {
    const auto version = tag.starts_with('"') ? parse_number(tag.substr(1, tag.size() - 2)) : std::nullopt;
    return version && to_etag(*version) == tag ? *version : no_version;
}

// A weak tag matches nothing (section 13.1.1), and nor does an empty list.
std::vector<std::uint64_t> versions_to_match(const entity_tags& tags) {
    std::vector<std::uint64_t> versions;
    for (const auto tag : tags.tags) versions.push_back(version_of(tag));
    if (versions.empty()) versions.push_back(no_version);
    return versions;
}

std::vector<std::uint64_t> versions_to_rule_out(const entity_tags& tags) {
    std::vector<std::uint64_t> versions;
    for (const auto tag : tags.tags) versions.push_back(version_of(opaque_tag(tag)));
    std::erase(versions, no_version);
    return versions;
}

}  // namespace

std::string to_etag(std::uint64_t version) { return '"' + std::to_string(version) + '"'; }

bool has_preconditions(const http::request& request) {
    return std::ranges::any_of(request.headers, [](const http::header& header) {
        return equal_ignoring_case(header.name, if_match) || equal_ignoring_case(header.name, if_none_match);
    });
}

result<preconditions> read_preconditions(const http::request& request) {
    auto matching = read_entity_tags(request, if_match);
    if (!matching) return std::unexpected(std::move(matching.error()));
    auto others = read_entity_tags(request, if_none_match);
    if (!others) return std::unexpected(std::move(others.error()));
    return preconditions{.if_match = std::move(*matching), .if_none_match = std::move(*others)};
}

verdict judge(const preconditions& conditions, std::string_view etag) {
    if (conditions.if_match && !conditions.if_match->match_strongly(etag)) return verdict::other_version;
    if (conditions.if_none_match && conditions.if_none_match->match_weakly(etag)) return verdict::same_version;
    return verdict::met;
}

write_condition to_write_condition(const preconditions& conditions) {
    const auto& [matching, others] = conditions;
    // "*" matches each profile that exists.
    if (others && others->any) return {.if_versions = {no_version}, .unless_versions = {}};
    auto refused = others ? versions_to_rule_out(*others) : std::vector<std::uint64_t>();
    if (!matching || matching->any) return {.if_versions = {}, .unless_versions = std::move(refused)};

    // One list says it all, and services that do not know the other one understand it.
    auto allowed = versions_to_match(*matching);
    std::erase_if(allowed, [&](std::uint64_t each) { return std::ranges::find(refused, each) != refused.end(); });
    if (allowed.empty()) allowed.push_back(no_version);
    return {.if_versions = std::move(allowed), .unless_versions = {}};
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
