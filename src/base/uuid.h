// A random identifier (RFC 9562, version 4) of an account, session or token.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace userinfo {

class uuid {
public:
    using byte_array = std::array<std::uint8_t, 16>;

    constexpr uuid() = default;
    constexpr explicit uuid(const byte_array& bytes) : bytes_(bytes) {}

    // Generates one from the system's random number generator.
    static uuid random();

    // Parses "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", in either case (RFC 9562 section 4).
    static std::optional<uuid> parse(std::string_view text);

    // Takes exactly 16 bytes.
    static std::optional<uuid> from_bytes(std::string_view bytes);

    // In lower case.
    std::string to_string() const;
    const byte_array& bytes() const { return bytes_; }
    std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

    friend constexpr auto operator<=>(const uuid&, const uuid&) = default;

private:
    byte_array bytes_{};
};

}  // namespace userinfo

template <>
struct std::hash<userinfo::uuid> {
    // The bytes are already random.
    std::size_t operator()(const userinfo::uuid& id) const noexcept {
        std::size_t h = 0;
        for (std::size_t i = 0; i < sizeof h; ++i) h = h << 8 | id.bytes()[i];
        return h;
    }
};
