#include "base/unicode.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <utf8proc.h>

namespace userinfo {

namespace {

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

// Whether the byte of UTF-8 is not the first one of a code point.
bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

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

struct range {
    utf8proc_int32_t first, last;
};

// In ascending order. utf8proc knows neither of the two properties.
template <std::size_t size>
bool is_in(const std::array<range, size>& ranges, utf8proc_int32_t c) {
    const auto after = std::ranges::upper_bound(ranges, c, {}, &range::first);
    return after != ranges.begin() && c <= std::prev(after)->last;
}

// White_Space of PropList.txt of the Unicode Character Database. It has been the same since Unicode 6.3.
constexpr std::array white_space{
    range{0x09, 0x0d},     range{0x20, 0x20},     range{0x85, 0x85},     range{0xa0, 0xa0},     range{0x1680, 0x1680},
    range{0x2000, 0x200a}, range{0x2028, 0x2029}, range{0x202f, 0x202f}, range{0x205f, 0x205f}, range{0x3000, 0x3000}};

// Default_Ignorable_Code_Point of DerivedCoreProperties.txt, Unicode 15.0. It includes what is reserved for such
// characters.
constexpr std::array default_ignorable{
    range{0xad, 0xad},       range{0x034f, 0x034f}, range{0x061c, 0x061c},   range{0x115f, 0x1160},
    range{0x17b4, 0x17b5},   range{0x180b, 0x180f}, range{0x200b, 0x200f},   range{0x202a, 0x202e},
    range{0x2060, 0x206f},   range{0x3164, 0x3164}, range{0xfe00, 0xfe0f},   range{0xfeff, 0xfeff},
    range{0xffa0, 0xffa0},   range{0xfff0, 0xfff8}, range{0x1bca0, 0x1bca3}, range{0x1d173, 0x1d17a},
    range{0xe0000, 0xe0fff},
};

// What neither of the two is and still shows nothing by itself: the Braille pattern without a dot, the marks of
// interlinear annotations, the format controls of Egyptian hieroglyphs.
constexpr std::array otherwise_invisible{range{0x2800, 0x2800}, range{0xfff9, 0xfffb}, range{0x13430, 0x1343f}};

constexpr utf8proc_int32_t byte_order_mark = 0xfeff;

bool is_white_space(utf8proc_int32_t c) { return is_in(white_space, c); }

bool is_trimmed(utf8proc_int32_t c) { return is_white_space(c) || c == byte_order_mark; }

bool shows_nothing(utf8proc_int32_t c) {
    return is_white_space(c) || is_in(default_ignorable, c) || is_in(otherwise_invisible, c);
}

bool is_noncharacter(utf8proc_int32_t c) { return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe; }

// What printable escapes, of well-formed text.
bool is_unprintable(utf8proc_int32_t c) {
    switch (utf8proc_category(c)) {
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP: return true;
        default: return is_in(default_ignorable, c) || is_in(otherwise_invisible, c) || is_noncharacter(c);
    }
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

std::string escape_of(utf8proc_int32_t c) {
    if (c == '\n') return "\\n";
    if (c == '\r') return "\\r";
    if (c == '\t') return "\\t";
    return fmt::format("\\u{{{:04X}}}", c);
}

// Beyond U+FFFF as a surrogate pair (RFC 8259, section 7).
std::string json_escape_of(utf8proc_int32_t c) {
    if (c < 0x10000) return fmt::format("\\u{:04x}", c);
    return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + (c & 0x3ff));
}

// Appends `text`. `keep` are the bytes that stay, of the others the printable characters do.
void append_escaped(std::string& out, std::string_view text, bool (*keep)(char),
                    std::string (*escape)(utf8proc_int32_t), std::string (*escape_byte)(unsigned char)) {
    while (!text.empty()) {
        const auto kept = static_cast<std::size_t>(std::ranges::find_if_not(text, keep) - text.begin());
        out += text.substr(0, kept);
        text.remove_prefix(kept);
        if (text.empty()) return;
        utf8proc_int32_t c = 0;
        const auto read = utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &c);
        const auto size = read > 0 ? static_cast<std::size_t>(read) : 1;
        if (read <= 0)
            out += escape_byte(static_cast<unsigned char>(text.front()));
        else if (is_unprintable(c))
            out += escape(c);
        else
            out += text.substr(0, size);
        text.remove_prefix(size);
    }
}

// Step by step: utf8proc_map would leave the code points in memory that it has freed.
template <class Text>
std::optional<Text> normal_form_of(std::string_view text, normal_form form, unassigned unknown) {
    if (!each_code_point(text, [](auto c) { return !is_noncharacter(c); })) return std::nullopt;
    int flags = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    if (unknown == unassigned::refuse) flags |= UTF8PROC_REJECTNA;
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

std::optional<std::string> normalize(std::string_view text, normal_form form, unassigned unknown) {
    return normal_form_of<std::string>(text, form, unknown);
}

std::optional<secret_string> normalize_secret(std::string_view text, normal_form form, unassigned unknown) {
    return normal_form_of<secret_string>(text, form, unknown);
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char byte : text) count += continues(byte) ? 0 : 1;
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
    return each_code_point(text, [](utf8proc_int32_t c) { return shows_nothing(c); });
}

std::string_view trim_white_space(std::string_view text) {
    for (;;) {
        utf8proc_int32_t c = 0;
        const auto size = utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &c);
        if (size <= 0 || !is_trimmed(c)) break;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    for (;;) {
        // The last code point begins at the last byte that does not continue another one.
        const auto begin = std::ranges::find_if(text.rbegin(), text.rend(), [](char byte) { return !continues(byte); });
        if (begin == text.rend()) return text;
        const auto last = text.substr(static_cast<std::size_t>(text.rend() - begin) - 1);
        utf8proc_int32_t c = 0;
        const auto size = utf8proc_iterate(bytes_of(last), static_cast<utf8proc_ssize_t>(last.size()), &c);
        if (std::cmp_not_equal(size, last.size()) || !is_trimmed(c)) return text;
        text.remove_suffix(last.size());
    }
}

std::string_view without_byte_order_mark(std::string_view text) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
    return text;
}

std::string_view cut_at_character(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    // No character has more than three bytes that continue it.
    for (std::size_t back = 0; back <= std::min<std::size_t>(most, 3); ++back) {
        if (!continues(text[most - back])) return text.substr(0, most - back);
    }
    return text.substr(0, most);
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    append_escaped(out, text, is_plain, escape_of,
                   [](unsigned char byte) { return fmt::format("\\x{{{:02X}}}", byte); });
    return out;
}

void make_json_printable(std::string& line, std::size_t begin) {
    const auto json = std::string_view(line).substr(begin);
    // Most lines need nothing else than this look, which takes a few nanoseconds.
    unsigned char all = 0;
    for (const char c : json) all |= static_cast<unsigned char>(c);
    if (all < 0x80) return;
    std::string out;
    out.reserve(json.size());
    append_escaped(out, json, is_ascii, json_escape_of, [](unsigned char) { return std::string("\\ufffd"); });
    line.replace(begin, line.npos, out);
}

}  // namespace userinfo
