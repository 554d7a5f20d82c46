#include "identity/email.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include <idn2.h>

#include "base/ascii.h"
#include "base/unicode.h"

namespace userinfo {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t longest_address = 254;  // RFC 5321 section 4.5.3.1.3, minus the angle brackets
constexpr std::size_t longest_local_part = 64;

bool is_atext(char c) {
    constexpr std::string_view specials = "!#$%&'*+-/=?^_`{|}~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           specials.find(c) != specials.npos;
}

// RFC 5321's Dot-string.
bool is_dot_string(std::string_view text) {
    if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != text.npos) return false;
    return std::ranges::all_of(text, [](char c) { return c == '.' || is_atext(c); });
}

// The full stops that separate labels, besides the ASCII one (UTS #46 section 2.3): ideographic, fullwidth, halfwidth.
constexpr std::array other_full_stops{"\u3002"sv, "\uff0e"sv, "\uff61"sv};

void replace_all(std::string& in, std::string_view old_text, std::string_view new_text) {
    for (auto found = in.find(old_text); found != in.npos; found = in.find(old_text, found + new_text.size())) {
        in.replace(found, old_text.size(), new_text);
    }
}

std::optional<std::string> look_up(const std::string& label, int flags) {
    std::uint8_t* raw = nullptr;
    const int status = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(label.c_str()), &raw, flags);
    const std::unique_ptr<std::uint8_t, decltype(&idn2_free)> owner(raw, &idn2_free);
    if (status != IDN2_OK) return std::nullopt;
    return ascii_lower(reinterpret_cast<const char*>(raw));
}

std::optional<std::string> without_mapping(const std::string& label) {
    return look_up(label, IDN2_NO_TR46 | IDN2_USE_STD3_ASCII_RULES);
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// A label that IDNA 2008 takes keeps its A-label, whatever a mapping would make of it: accounts are found by it.
std::optional<std::string> to_a_label(std::string label) {
    auto unmapped = without_mapping(label);
    if (unmapped || is_ascii(label)) return unmapped;
    // libidn2 maps by tables of Unicode 15.0, which make "ss" of the capital sharp s. Since 15.1 it is a sharp s.
    replace_all(label, "\u1e9e", "\u00df");
    // With the rules of STD3 it drops what these forbid, and "exam ple" would become "example". Without them it takes
    // some symbols, which IDNA 2008 refuses.
    const auto mapped = look_up(label, IDN2_NONTRANSITIONAL);
    return mapped ? without_mapping(*mapped) : std::nullopt;
}

std::optional<std::string> to_a_labels(std::string_view domain) {
    auto rest = ascii_lower(domain);
    for (const auto full_stop : other_full_stops) replace_all(rest, full_stop, ".");
    std::string a_labels;
    for (std::size_t begin = 0; begin <= rest.size();) {
        const auto end = std::min(rest.find('.', begin), rest.size());
        const auto a_label = to_a_label(rest.substr(begin, end - begin));
        if (!a_label) return std::nullopt;
        if (begin > 0) a_labels += '.';
        a_labels += *a_label;
        begin = end + 1;
    }
    return a_labels;
}

bool is_letter_digit_hyphen(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// At least two labels of letters, digits and inner hyphens. The last one must not be a number (RFC 1123 section 2.1).
bool is_host_name(std::string_view domain) {
    std::size_t labels = 0;
    std::string_view last;
    for (;;) {
        const auto dot = domain.find('.');
        last = domain.substr(0, dot);
        if (last.empty() || last.size() > 63 || last.front() == '-' || last.back() == '-') return false;
        if (!std::ranges::all_of(last, is_letter_digit_hyphen)) return false;
        ++labels;
        if (dot == domain.npos) break;
        domain.remove_prefix(dot + 1);
    }
    return labels >= 2 && !std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

std::unexpected<error> not_an_email() { return invalid("email", "invalid", "The email address is not valid."); }

}  // namespace

result<email_address> parse_email(std::string_view untrimmed) {
    const auto text = trim_white_space(untrimmed);
    if (text.size() > longest_address || text.find('\0') != text.npos) return not_an_email();
    const auto at = text.rfind('@');
    if (at == text.npos) return not_an_email();
    const auto local_part = text.substr(0, at);
    if (local_part.size() > longest_local_part || !is_dot_string(local_part)) return not_an_email();
    const auto domain = to_a_labels(text.substr(at + 1));
    if (!domain || !is_host_name(*domain)) return not_an_email();
    auto key = ascii_lower(local_part) + '@' + *domain;
    if (key.size() > longest_address) return not_an_email();
    return email_address{.typed = std::string(text), .key = std::move(key)};
}

std::string ascii_form(std::string_view identifier) {
    std::string form(identifier);
    if (const auto email = parse_email(identifier)) {
        form = email->typed.substr(0, email->typed.rfind('@')) + email->key.substr(email->key.rfind('@'));
    }
    const bool is_printable = std::ranges::all_of(form, [](char c) { return c > ' ' && c <= '~'; });
    return is_printable ? form : std::string();
}

}  // namespace userinfo
