#include "profile/profile_rules.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <boost/url/decode_view.hpp>
#include <boost/url/host_type.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/ascii.h"
#include "base/unicode.h"
#include "profile/date.h"

namespace userinfo {

namespace {

constexpr std::size_t longest_avatar = 2048;

std::unexpected<error> username_too_long() {
    return invalid("username", "too_long",
                   "The username has more than " + std::to_string(longest_username) + " characters.");
}

result<std::string> check_username(const std::string& typed) {
    // A code point has at most 4 bytes, and NFC may need three times as many. Longer text is too long without
    // normalizing it.
    if (typed.size() > longest_username * 4 * 3) return username_too_long();
    if (!is_utf8(typed)) return invalid("username", "not_utf8", "The username is not valid UTF-8.");
    // A name is shown and never compared, so it may have characters that are newer than our tables.
    auto username = normalize(typed, normal_form::nfc, unassigned::keep);
    if (!username) return invalid("username", "not_allowed", "The username has a character that cannot be used.");
    if (username->empty()) return invalid("username", "missing", "A username is needed.");
    if (has_control_characters(*username)) {
        return invalid("username", "control_characters", "The username must not have control characters.");
    }
    if (is_blank(*username)) return invalid("username", "blank", "The username must not be blank.");
    if (count_code_points(*username) > longest_username) return username_too_long();
    return std::move(*username);
}

result<std::optional<date>> check_birthday(const std::string& text, date today) {
    if (text.empty()) return std::nullopt;
    const auto birthday = parse_date(text);
    if (!birthday) return invalid("birthday", "invalid", "The birthday must be a real date, as YYYY-MM-DD.");
    if (*birthday < earliest_birthday || *birthday > today) {
        return invalid("birthday", "out_of_range",
                       "The birthday must lie between " + to_string(earliest_birthday) + " and today.");
    }
    return birthday;
}

// What no host may have: the forbidden domain code points of the WHATWG URL Standard (section 3.2).
bool is_forbidden_in_a_domain(char c) {
    return (c >= '\0' && c <= ' ') || c == '\x7f' || std::string_view("#/:<>?@[\\]^|%").contains(c);
}

// Whether the last label is a number. Browsers take such a host for an IPv4 address.
bool ends_in_a_number(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    const auto last = host.substr(host.rfind('.') + 1);
    const bool is_hexadecimal = last.starts_with("0x") || last.starts_with("0X");
    const auto digits = is_hexadecimal ? last.substr(2) : last;
    return (is_hexadecimal || !digits.empty()) && std::ranges::all_of(digits, [&](char c) {
               return is_digit(c) || (is_hexadecimal && to_lower(c) >= 'a' && to_lower(c) <= 'f');
           });
}

// Whether a browser makes a domain of the name, without its percent-encoding: it maps it, and the result must hold
// nothing forbidden.
bool is_domain(std::string_view name) {
    const auto mapped = normalize(name, normal_form::nfkc, unassigned::refuse);
    return mapped && !is_blank(*mapped) && !has_control_characters(*mapped) &&
           std::ranges::none_of(*mapped, is_forbidden_in_a_domain) && !ends_in_a_number(*mapped);
}

// Without its percent-encoding.
std::string decoded(std::string_view host) {
    std::string bytes;
    for (const char byte : boost::urls::decode_view(host)) bytes.push_back(byte);
    return bytes;
}

bool is_ipv4_address(const std::string& host) {
    in_addr address;
    return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

// Digits, as many as one likes, or none.
bool is_port(std::string_view digits) {
    std::uint16_t port = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return digits.empty() || (read.ec == std::errc() && read.ptr == digits.data() + digits.size());
}

// Host and port of a URL that has been parsed. Not as the parser has them: of 1.2.3.4.example:99999 it makes the host
// 1.2.3.4 and a path.
bool has_valid_authority(const boost::urls::url_view& url, std::string_view text) {
    text.remove_prefix(text.find("//") + 2);
    const auto authority = text.substr(0, text.find_first_of("/?#"));
    const bool is_bracketed = authority.starts_with('[');
    if (is_bracketed && url.host_type() != boost::urls::host_type::ipv6) return false;
    const auto host = authority.substr(0, is_bracketed ? authority.find(']') + 1 : authority.find(':'));
    const auto rest = authority.substr(host.size());
    if (!rest.empty() && (!rest.starts_with(':') || !is_port(rest.substr(1)))) return false;
    return is_bracketed || is_ipv4_address(std::string(host)) || is_domain(decoded(host));
}

bool is_https_url(std::string_view text) {
    const auto url = boost::urls::parse_uri(text);
    return url.has_value() && url->scheme_id() == boost::urls::scheme::https && url->has_authority() &&
           !url->has_userinfo() && has_valid_authority(*url, text);
}

result<std::string> check_avatar(const std::string& text) {
    if (text.empty()) return text;
    if (text.size() > longest_avatar)
        return invalid("avatar", "too_long", "The avatar's URL is longer than 2,048 bytes.");
    if (!is_https_url(text)) return invalid("avatar", "invalid", "The avatar must be an https URL.");
    return text;
}

}  // namespace

result<profile_changes> check_profile(const profile_input& input, profile_write write, date today) {
    profile_changes changes;
    if (input.username || write == profile_write::create) {
        auto username = check_username(input.username.value_or(""));
        if (!username) return std::unexpected(username.error());
        changes.username = std::move(*username);
    }
    if (input.birthday) {
        const auto birthday = check_birthday(*input.birthday, today);
        if (!birthday) return std::unexpected(birthday.error());
        changes.birthday = *birthday;
    }
    if (input.avatar) {
        auto avatar = check_avatar(*input.avatar);
        if (!avatar) return std::unexpected(avatar.error());
        changes.avatar = std::move(*avatar);
    }
    return changes;
}

}  // namespace userinfo
