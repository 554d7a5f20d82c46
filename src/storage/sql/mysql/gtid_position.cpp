#include "storage/sql/mysql/gtid_position.h"

#include <algorithm>
#include <charconv>

namespace userinfo::sql {

namespace {

// Takes a number off the front of `text`, and the separator behind it unless it is the last one.
template <class Number>
std::optional<Number> take_number(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    Number number = 0;
    const auto read = std::from_chars(text.data(), text.data() + end, number);
    if (end == 0 || read.ec != std::errc() || read.ptr != text.data() + end) return std::nullopt;
    text.remove_prefix(std::min(end + 1, text.size()));
    return number;
}

}  // namespace

std::optional<gtid_position> gtid_position::parse(std::string_view text) {
    gtid_position position;
    while (!text.empty()) {
        const auto domain = take_number<std::uint32_t>(text, '-');
        const auto server = domain ? take_number<std::uint32_t>(text, '-') : std::nullopt;
        const auto number = server ? take_number<std::uint64_t>(text, ',') : std::nullopt;
        if (!number) return std::nullopt;
        position.points_.push_back({.domain = *domain, .number = *number});
    }
    std::ranges::sort(position.points_, {}, &point::domain);
    return position;
}

bool gtid_position::includes(const gtid_position& other) const {
    return std::ranges::all_of(other.points_, [this](const point& wanted) {
        const auto own = std::ranges::find(points_, wanted.domain, &point::domain);
        return own != points_.end() && own->number >= wanted.number;
    });
}

}  // namespace userinfo::sql
