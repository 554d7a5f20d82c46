// Parses the values of settings. Each function throws std::invalid_argument that says what was expected.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace userinfo::programs {

bool read_flag(std::string_view text);  // true, false

// Returns the place of `text` in `choices`: "serve, refuse".
std::size_t read_choice(std::string_view text, std::string_view choices);

std::size_t read_number(std::string_view text, std::size_t least, std::size_t most);

// A whole number with a unit: "250ms", "30s", "15m", "12h", "14d".
std::chrono::milliseconds read_duration(std::string_view text, std::chrono::milliseconds least,
                                        std::chrono::milliseconds most);

// HOST:PORT with a numeric port. The host name is not resolved.
struct host_and_port {
    std::string host;  // IPv6 addresses without brackets
    std::uint16_t port = 0;
};
host_and_port read_host_and_port(std::string_view text);

// Splits at commas and ignores blanks around the items.
std::vector<std::string> read_list(std::string_view text);

}  // namespace userinfo::programs
