#include "base/unicode.h"

#include <cstdint>
#include <vector>

#include <utf8proc.h>

namespace userinfo {

namespace {

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

// Calls `visit` with each code point until it returns false. Returns whether all of `text` was well-formed and visited.
template <class Visitor>
bool each_code_point(std::string_view text, Visitor visit) {
    while (!text.empty()) {
        utf8proc_int32_t code_point = 0;
        const auto size = utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &code_point);
        if (size <= 0 || !visit(code_point)) return false;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

bool steers_direction(utf8proc_int32_t c) {
    return c == 0x200e || c == 0x200f || c == 0x061c || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

// Letters and symbols by category that are invisible: the Hangul fillers and the empty Braille pattern.
bool shows_nothing(utf8proc_int32_t c) {
    return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x2800;
}

// Step by step: utf8proc_map would leave the code points in memory that it has freed.
template <class Text>
std::optional<Text> normal_form_of(std::string_view text, normal_form form) {
    int flags = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_REJECTNA;
    if (form == normal_form::nfkc) flags |= UTF8PROC_COMPAT;
    const auto options = static_cast<utf8proc_option_t>(flags);
    const auto text_size = static_cast<utf8proc_ssize_t>(text.size());
    const auto count = utf8proc_decompose(bytes_of(text), text_size, nullptr, 0, options);
    if (count < 0) return std::nullopt;
    // One more than the code points: they are encoded in place, with a NUL behind them.
    std::vector<utf8proc_int32_t, wiping_allocator<utf8proc_int32_t>> work(static_cast<std::size_t>(count) + 1);
    utf8proc_decompose(bytes_of(text), text_size, work.data(), count, options);
    const auto size = utf8proc_reencode(work.data(), count, options);
    if (size < 0) return std::nullopt;
    return Text(std::string_view(reinterpret_cast<const char*>(work.data()), static_cast<std::size_t>(size)));
}

}  // namespace

bool is_utf8(std::string_view text) {
    return each_code_point(text, [](auto) { return true; });
}

std::optional<std::string> normalize(std::string_view text, normal_form form) {
    return normal_form_of<std::string>(text, form);
}

std::optional<secret_string> normalize_secret(std::string_view text, normal_form form) {
    return normal_form_of<secret_string>(text, form);
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    return count;
}

bool has_control_characters(std::string_view text) {
    return !each_code_point(text, [](utf8proc_int32_t c) {
        const auto category = utf8proc_category(c);
        return category != UTF8PROC_CATEGORY_CC && category != UTF8PROC_CATEGORY_ZL &&
               category != UTF8PROC_CATEGORY_ZP && !steers_direction(c);
    });
}

bool is_blank(std::string_view text) {
    return each_code_point(text, [](utf8proc_int32_t c) {
        const auto category = utf8proc_category(c);
        return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_CC ||
               category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL ||
               category == UTF8PROC_CATEGORY_ZP || shows_nothing(c);
    });
}

}  // namespace userinfo
