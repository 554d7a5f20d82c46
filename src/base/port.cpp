#include "base/port.h"

#include <charconv>

namespace userinfo {

std::optional<std::uint16_t> parse_port(std::string_view digits) {
    std::uint16_t port = 0;
    const auto* const last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, port);
    if (error != std::errc() || end != last) return std::nullopt;
    return port;
}

}  // namespace userinfo
