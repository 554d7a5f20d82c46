// The IP address of a client, in one spelling whatever way it came: an IPv4 address inside an IPv6 one (IPv4-mapped,
// RFC 4291 section 2.5.5.2; the well-known prefix of NAT64, 64:ff9b::/96, RFC 6052) is that IPv4 address. A zone (RFC
// 4007) counts for nothing, because it names an interface of this machine.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct in_addr;
struct in6_addr;

namespace userinfo {

// Stands for the address of a peer on a unix socket, which has none.
inline constexpr std::string_view unix_peer = "unix:";

class ip_address {
public:
    // "192.0.2.1", "2001:db8::1", "fe80::1%eth0"; without brackets and port. Empty for any other text.
    static std::optional<ip_address> parse(std::string_view text);

    static ip_address of(const in_addr& v4);
    static ip_address of(const in6_addr& v6);

    bool is_v4() const;
    // How many bits it has: 32 or 128.
    unsigned width() const { return is_v4() ? 32 : 128; }

    // The first `bits` of the address; the others are 0. At most `width`.
    ip_address prefix(unsigned bits) const;

    std::string to_string() const;

    // An order without a meaning of its own, for containers.
    friend auto operator<=>(const ip_address&, const ip_address&) = default;

private:
    using byte_array = std::array<std::uint8_t, 16>;

    explicit ip_address(const byte_array& bytes) : bytes_(bytes) {}

    byte_array bytes_;  // an IPv4 address as an IPv4-mapped one
};

}  // namespace userinfo
