// Loads the program's own keys, makes the first ones, and puts them where tokens are signed and verified.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "service/key_store.h"
#include "tokens/access_keys.h"
#include "tokens/internal_key.h"
#include "tokens/refresh_token.h"
#include "tokens/sealing.h"

namespace userinfo {

class key_ring {
public:
    // All must outlive it.
    key_ring(key_store& store, const master_key& master, const clock& clock, access_keys& access,
             refresh_tokens& refresh, internal_key& internal);

    // Fills `access`, `refresh` and `internal` from the store; makes a first key for a purpose that has none. Returns
    // an error if the store fails, or if a key was sealed by another master key.
    task<result<void>> load();

private:
    task<result<void>> make_first(key_purpose purpose);
    result<void> use(const std::vector<stored_key>& keys);
    result<std::string> unseal(const stored_key& key) const;
    stored_key make(key_purpose purpose) const;

    key_store& store_;
    const master_key& master_;
    const clock& clock_;
    access_keys& access_;
    refresh_tokens& refresh_;
    internal_key& internal_;
};

}  // namespace userinfo
