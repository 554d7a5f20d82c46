#include "h2/header_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/base64.h"
#include "base/hex.h"

namespace userinfo::h2 {

namespace {

using std::chrono::nanoseconds;

struct unit {
    char letter;
    nanoseconds length;
};

constexpr std::array<unit, 6> units{{{'n', nanoseconds(1)},
                                     {'u', std::chrono::microseconds(1)},
                                     {'m', std::chrono::milliseconds(1)},
                                     {'S', std::chrono::seconds(1)},
                                     {'M', std::chrono::minutes(1)},
                                     {'H', std::chrono::hours(1)}}};
constexpr std::int64_t most_digits = 99'999'999;

constexpr bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// Decodes the escape at the start of `text`. Returns nothing if there is none.
std::optional<char> escaped_byte(std::string_view text) {
    if (text.size() < 3 || text.front() != '%') return std::nullopt;
    const int high = hex_value(text[1]);
    const int low = hex_value(text[2]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<char>(high << 4 | low);
}

}  // namespace

std::string timeout_text(nanoseconds time) {
    time = std::max(time, nanoseconds(1));
    for (const auto& [letter, length] : units) {
        const auto count = time / length;
        if (count <= most_digits) return std::to_string(count) + letter;
    }
    return std::to_string(most_digits) + units.back().letter;
}

std::optional<nanoseconds> parse_timeout(std::string_view text) {
    if (text.size() < 2 || text.size() > 9) return std::nullopt;
    const auto* const unit = std::ranges::find(units, text.back(), &unit::letter);
    std::int64_t count = 0;
    const auto* const last = text.data() + text.size() - 1;
    const auto [end, error] = std::from_chars(text.data(), last, count);
    if (unit == units.end() || error != std::errc() || end != last || count < 0) return std::nullopt;
    if (count > nanoseconds::max() / unit->length) return nanoseconds::max();
    return count * unit->length;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (is_printable(c) && c != '%') {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return encoded;
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    while (!text.empty()) {
        const auto byte = escaped_byte(text);
        decoded += byte.value_or(text.front());
        text.remove_prefix(byte ? 3 : 1);
    }
    return decoded;
}

std::optional<std::string> binary_value(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    return from_base64(text);
}

}  // namespace userinfo::h2
