// Reads the values of settings from text. Each throws std::invalid_argument that says what was expected.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace userinfo::programs {

bool read_flag(std::string_view text);  // true, false

std::size_t read_number(std::string_view text, std::size_t least, std::size_t most);

// A whole number and a unit: "250ms", "30s", "15m", "12h", "14d".
std::chrono::milliseconds read_duration(std::string_view text, std::chrono::milliseconds least,
                                        std::chrono::milliseconds most);

// HOST:PORT, with a port that is a number; the name is not looked up.
struct host_and_port {
    std::string host;  // of an IPv6 address without brackets
    std::uint16_t port = 0;
};
host_and_port read_host_and_port(std::string_view text);

// Separated by commas; blanks around them do not count.
std::vector<std::string> read_list(std::string_view text);

}  // namespace userinfo::programs
