#include "gateway/forwarded.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/port.h"

namespace userinfo::gateway {

namespace {

// ":5123", or one that a proxy made up (RFC 7239 section 6.3): ":_port".
bool is_port(std::string_view text) {
    if (!text.starts_with(':')) return false;
    const auto port = text.substr(1);
    if (!port.starts_with('_')) return parse_port(port).has_value();
    return port.size() > 1 &&
           std::ranges::all_of(port, [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

// Removes the last element of a comma-separated list, read from its end, and returns it. A comma within quotes does not
// separate, if the list has `quotes`. If the quotes have no beginning, the element is all of the list.
std::string_view take_last_element(std::string_view& list, bool quotes) {
    bool quoted = false;
    auto begin = list.size();
    for (; begin > 0; --begin) {
        const char c = list[begin - 1];
        if (c == ',' && !quoted) break;
        if (c != '"' || !quotes) continue;
        const auto before = list.substr(0, begin - 1);
        const auto escapes = before.size() - (before.find_last_not_of('\\') + 1);
        if (!quoted || escapes % 2 == 0) quoted = !quoted;
    }
    const auto element = trim(list.substr(begin));
    list = list.substr(0, begin == 0 ? 0 : begin - 1);
    return element;
}

// The length of the quoted string at the beginning of `text`, with its quotes. 0: it does not end.
std::size_t length_of_quoted(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') return i + 1;
        if (text[i] == '\\') ++i;
    }
    return 0;
}

struct pair {
    std::string_view name, value;
};

// More than a token has: many proxies do not quote an address with a port.
bool is_unquoted(char c) { return is_token(c) || c == ':' || c == '[' || c == ']'; }

// Removes the first pair of an element (RFC 7239 section 4). Empty: it is malformed.
std::optional<pair> take_pair(std::string_view& element) {
    const auto name = element.substr(0, element.find('='));
    if (name.empty() || name.size() == element.size() || !std::ranges::all_of(name, is_token)) return std::nullopt;
    auto rest = element.substr(name.size() + 1);
    const bool quoted = rest.starts_with('"');
    const auto length = quoted ? length_of_quoted(rest) : std::min(rest.find(';'), rest.size());
    if (quoted && length == 0) return std::nullopt;
    const auto value = quoted ? rest.substr(1, length - 2) : trim(rest.substr(0, length));
    if (!quoted && !std::ranges::all_of(value, is_unquoted)) return std::nullopt;
    element = trim(rest.substr(length));
    if (!element.empty() && element.front() != ';') return std::nullopt;
    return pair{name, value};
}

// Empty: the element does not say so, says so twice, or is malformed.
std::string_view for_whom(std::string_view element) {
    std::string_view found;
    for (;;) {
        while (element.starts_with(';')) element = trim(element.substr(1));
        if (element.empty()) return found;
        const auto next = take_pair(element);
        if (!next) return {};
        if (!equal_ignoring_case(next->name, "for")) continue;
        if (found.data() != nullptr) return {};
        found = next->value;
    }
}

}  // namespace

std::optional<ip_address> address_of_hop(std::string_view hop) {
    if (hop.starts_with('[')) {
        const auto end = std::min(hop.find(']'), hop.size() - 1);
        const auto port = hop.substr(end + 1);
        if (hop[end] != ']' || (!port.empty() && !is_port(port))) return std::nullopt;
        return ip_address::parse(hop.substr(1, end - 1));
    }
    if (const auto address = ip_address::parse(hop)) return address;
    // An IPv6 address has a port only with brackets.
    const auto colon = std::min(hop.find(':'), hop.size());
    return is_port(hop.substr(colon)) ? ip_address::parse(hop.substr(0, colon)) : std::nullopt;
}

std::optional<ip_address> forwarded_hops::next() {
    const bool is_forwarded = header_ == forwarded_header::forwarded;
    std::string_view element;
    while (element.empty()) {
        if (rest_.empty() && !take_last_field()) return std::nullopt;
        element = take_last_element(rest_, is_forwarded);
    }
    return address_of_hop(is_forwarded ? for_whom(element) : element);
}

// False: there is no further one.
bool forwarded_hops::take_last_field() {
    const auto name = header_ == forwarded_header::forwarded ? "Forwarded" : "X-Forwarded-For";
    while (fields_read_ < request_.headers.size()) {
        const auto& field = request_.headers[request_.headers.size() - ++fields_read_];
        if (!equal_ignoring_case(field.name, name)) continue;
        rest_ = field.value;
        if (!rest_.empty()) return true;
    }
    return false;
}

}  // namespace userinfo::gateway
