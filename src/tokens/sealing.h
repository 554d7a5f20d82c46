// Keys at rest: the program's private keys are stored sealed under a master key that is not in the database, so that a
// copied database forges nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace userinfo {

// Authenticated encryption with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha). Wiped from memory at its end.
class master_key {
public:
    static constexpr std::size_t size = 32;

    static master_key generate();

    // Nothing if `text` is not the base64url of 32 bytes.
    static std::optional<master_key> parse(std::string_view text);

    master_key(const master_key&) = default;
    master_key& operator=(const master_key&) = delete;
    ~master_key();

    // For the file it is kept in. Handle with care.
    std::string to_base64url() const;

    // Tells master keys apart without telling them.
    std::string id() const;

    // `context` is bound to the result and must be the same at `unseal`.
    std::string seal(std::string_view secret, std::string_view context) const;

    // Nothing if it was sealed by another key, for another context, or damaged.
    std::optional<std::string> unseal(std::string_view sealed, std::string_view context) const;

private:
    explicit master_key(const std::array<std::uint8_t, size>& bytes) : bytes_(bytes) {}

    std::array<std::uint8_t, size> bytes_;
};

}  // namespace userinfo
