#include "profile/date.h"

#include <charconv>

#include "base/ascii.h"

namespace userinfo {

namespace {

template <class Number>
bool read_number(std::string_view digits, Number& number) {
    for (const char c : digits) {
        if (!is_digit(c)) return false;
    }
    return std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc();
}

}  // namespace

std::optional<date> parse_date(std::string_view text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    if (!read_number(text.substr(0, 4), year) || !read_number(text.substr(5, 2), month) ||
        !read_number(text.substr(8, 2), day)) {
        return std::nullopt;
    }
    const date parsed{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    return parsed.ok() ? std::optional(parsed) : std::nullopt;
}

std::string to_string(date day) {
    std::string text = "0000-00-00";
    const auto put = [&](std::size_t end, unsigned number) {
        for (; number != 0; number /= 10) text[end--] = static_cast<char>('0' + number % 10);
    };
    put(3, static_cast<unsigned>(static_cast<int>(day.year())));
    put(6, static_cast<unsigned>(day.month()));
    put(9, static_cast<unsigned>(day.day()));
    return text;
}

}  // namespace userinfo
