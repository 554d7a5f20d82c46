#include "base/ip_address.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>

namespace userinfo {

namespace {

constexpr std::size_t v4_size = 4;
constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 12> nat64{0, 0x64, 0xff, 0x9b};

// inet_pton asks for a zero at the end. False: `text` is no such address.
bool read(int family, std::string_view text, void* to) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.contains('\0')) return false;
    text.copy(terminated.data(), text.size());
    return inet_pton(family, terminated.data(), to) == 1;
}

}  // namespace

std::optional<ip_address> ip_address::parse(std::string_view text) {
    in_addr v4;
    if (read(AF_INET, text, &v4)) return of(v4);
    const auto zone = text.find('%');
    if (zone != text.npos && zone + 1 == text.size()) return std::nullopt;
    in6_addr v6;
    if (read(AF_INET6, text.substr(0, zone), &v6)) return of(v6);
    return std::nullopt;
}

ip_address ip_address::of(const in_addr& v4) {
    byte_array bytes;
    std::memcpy(std::ranges::copy(mapped, bytes.begin()).out, &v4, v4_size);
    return ip_address(bytes);
}

ip_address ip_address::of(const in6_addr& v6) {
    byte_array bytes;
    std::memcpy(bytes.data(), &v6, bytes.size());
    if (std::equal(nat64.begin(), nat64.end(), bytes.begin())) std::ranges::copy(mapped, bytes.begin());
    return ip_address(bytes);
}

bool ip_address::is_v4() const { return std::equal(mapped.begin(), mapped.end(), bytes_.begin()); }

ip_address ip_address::prefix(unsigned bits) const {
    const auto end = 8 * sizeof bytes_ - width() + bits;
    auto kept = bytes_;
    for (auto byte = end / 8; byte < kept.size(); ++byte)
        kept[byte] &= byte == end / 8 ? static_cast<std::uint8_t>(0xff00U >> end % 8) : 0;
    return ip_address(kept);
}

std::string ip_address::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text;
    const auto* const v4 = bytes_.data() + mapped.size();
    return is_v4() ? inet_ntop(AF_INET, v4, text.data(), text.size())
                   : inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
}

}  // namespace userinfo
