// What a key of the program's own is made of, and how its private part is sealed into its row.
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

// 32 random bytes, wiped at their end.
struct symmetric_key {
    std::array<std::uint8_t, 32> bytes{};

    ~symmetric_key();
};

// An es256_key if it is of the purpose `access`, else symmetric.
using key_material = std::variant<es256_key, symmetric_key>;

// A new key, sealed.
stored_key make_key(key_purpose purpose, key_state state, const master_key& master, timestamp now,
                    timestamp not_before);

// errc::internal, with a message that names both: it was sealed by none of `masters`.
result<key_material> open_key(const stored_key& key, const master_keys& masters);

// The private part of `key`, sealed by `by`. Error: as open_key.
result<std::string> reseal(const stored_key& key, const master_keys& masters, const master_key& by);

}  // namespace userinfo
