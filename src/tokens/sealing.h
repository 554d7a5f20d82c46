// Keys at rest: the program's private keys are stored sealed under a master key that is not in the database, so that a
// copied database forges nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// The master keys that an operator gave, several while one replaces another: the first seals, all open.
class master_keys {
public:
    explicit master_keys(const master_key& only) : keys_{only} {}

    // From texts of master keys with white space or commas between them. Nothing if there is none, or if one is wrong.
    static std::optional<master_keys> parse(std::string_view text);

    const master_key& first() const { return keys_.front(); }

    // These with `key` in front.
    master_keys led_by(const master_key& key) const;

    // A line each, for the file they are kept in. Handle with care.
    std::string to_text() const;

    // Of all of them, with commas.
    std::string ids() const;

    // See master_key. Any of them may have sealed it.
    std::optional<std::string> unseal(std::string_view sealed, std::string_view context) const;

private:
    explicit master_keys(std::vector<master_key> keys) : keys_(std::move(keys)) {}

    std::vector<master_key> keys_;  // one at least
};

}  // namespace userinfo
