// Authenticated encryption, and its main use: keys at rest. The program's private keys are stored under a master key
// outside the database, so a copy of the database cannot forge tokens.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace userinfo {

using sealing_key = std::array<std::uint8_t, 32>;

// Authenticated encryption with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) and a random nonce. `context` is
// authenticated with the result. `unseal` needs the same value.
std::string seal(const sealing_key& key, std::string_view secret, std::string_view context);

// Returns nothing if the text was sealed with another key or context, or was damaged.
std::optional<std::string> unseal(const sealing_key& key, std::string_view sealed, std::string_view context);

// The key is wiped on destruction.
class master_key {
public:
    static constexpr std::size_t size = sizeof(sealing_key);

    static master_key generate();

    // Returns nothing if `text` is not the base64url of 32 bytes.
    static std::optional<master_key> parse(std::string_view text);

    master_key(const master_key&) = default;
    master_key& operator=(const master_key&) = delete;
    ~master_key();

    // The secret key as text, for its file. Never log it.
    std::string to_base64url() const;

    // A public identifier that does not reveal the key.
    std::string id() const;

    // The functions above with this key.
    std::string seal(std::string_view secret, std::string_view context) const;
    std::optional<std::string> unseal(std::string_view sealed, std::string_view context) const;

private:
    explicit master_key(const sealing_key& bytes) : bytes_(bytes) {}

    sealing_key bytes_;
};

// The master keys in use. There are several during a rotation: the first one seals, all of them unseal.
class master_keys {
public:
    explicit master_keys(const master_key& only) : keys_{only} {}

    // Parses master keys separated by white space or commas. Returns nothing if there is none or one is invalid.
    static std::optional<master_keys> parse(std::string_view text);

    const master_key& first() const { return keys_.front(); }

    // A copy with `key` in front.
    master_keys led_by(const master_key& key) const;

    // One secret key per line, for the file. Never log it.
    std::string to_text() const;

    // The ids of all keys, separated by commas.
    std::string ids() const;

    // Like master_key::unseal, with whichever key sealed it.
    std::optional<std::string> unseal(std::string_view sealed, std::string_view context) const;

private:
    explicit master_keys(std::vector<master_key> keys) : keys_(std::move(keys)) {}

    std::vector<master_key> keys_;  // at least one
};

}  // namespace userinfo
