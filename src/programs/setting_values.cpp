#include "programs/setting_values.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <ranges>
#include <stdexcept>
#include <utility>

#include "base/comma_list.h"

namespace userinfo::programs {

namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<std::string_view, milliseconds>, 5> units{{
    {"ms", milliseconds(1)},
    {"s", std::chrono::seconds(1)},
    {"m", std::chrono::minutes(1)},
    {"h", std::chrono::hours(1)},
    {"d", std::chrono::days(1)},
}};

[[noreturn]] void expected(std::string_view text, const std::string& what) {
    throw std::invalid_argument("'" + std::string(text) + "' is not " + what);
}

std::string to_text(milliseconds duration) {
    for (const auto& [name, unit] : units | std::views::reverse) {
        if (duration % unit == milliseconds(0)) return std::to_string(duration / unit) + std::string(name);
    }
    std::unreachable();
}

}  // namespace

bool read_flag(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    expected(text, "true or false");
}

std::size_t read_choice(std::string_view text, std::string_view choices) {
    std::size_t place = 0;
    for (const auto choice : comma_list(choices)) {
        if (choice == text) return place;
        ++place;
    }
    expected(text, "one of " + std::string(choices));
}

std::size_t read_number(std::string_view text, std::size_t least, std::size_t most) {
    std::size_t number = 0;
    const auto end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (text.empty() || read.ec != std::errc() || read.ptr != end || number < least || number > most) {
        expected(text, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return number;
}

milliseconds read_duration(std::string_view text, milliseconds least, milliseconds most) {
    constexpr std::int64_t largest_count = 1'000'000'000;
    std::int64_t count = 0;
    const auto end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, count);
    const std::string_view suffix(read.ptr, static_cast<std::size_t>(end - read.ptr));
    for (const auto& [name, unit] : units) {
        if (read.ec != std::errc() || suffix != name || count < 0 || count > largest_count) continue;
        const auto duration = count * unit;
        if (duration >= least && duration <= most) return duration;
    }
    expected(text,
             "a duration from " + to_text(least) + " to " + to_text(most) + ", such as 250ms, 30s, 15m, 12h or 14d");
}

host_and_port read_host_and_port(std::string_view text) {
    const auto colon = text.rfind(':');
    auto host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    // In an IPv6 address without brackets it is unclear where the port starts.
    const bool clear = bracketed || !host.contains(':');
    if (colon == std::string_view::npos || host.empty() || !clear) expected(text, "HOST:PORT");
    const auto port = read_number(text.substr(colon + 1), 1, 65535);
    return {.host = std::string(host), .port = static_cast<std::uint16_t>(port)};
}

std::vector<std::string> read_list(std::string_view text) {
    std::vector<std::string> items;
    for (const auto item : comma_list(text)) {
        if (!item.empty()) items.emplace_back(item);
    }
    return items;
}

}  // namespace userinfo::programs
