// The contents of the program's own keys, and how the private part is sealed for storage.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "keys/key_store.h"
#include "tokens/es256.h"
#include "tokens/sealing.h"

namespace userinfo {

// 32 random bytes, wiped on destruction.
struct symmetric_key {
    std::array<std::uint8_t, 32> bytes{};

    ~symmetric_key();
};

// An es256_key for key_purpose::access, symmetric for the other purposes.
using key_material = std::variant<es256_key, symmetric_key>;

// Generates a key with a sealed private part.
stored_key make_key(key_purpose purpose, key_state state, const master_key& master, timestamp now,
                    timestamp not_before);

// Unseals a key. errc::internal: none of `masters` sealed it; the message names both keys.
result<key_material> open_key(const stored_key& key, const master_keys& masters);

// Returns the private part of `key` sealed by `by`. Errors as for open_key.
result<std::string> reseal(const stored_key& key, const master_keys& masters, const master_key& by);

}  // namespace userinfo
