// An operator's changes to the program's own keys. Running servers pick them up through their key_ring.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "keys/key_store.h"
#include "tokens/sealing.h"

namespace userinfo {

std::string_view to_string(key_purpose purpose);
std::string_view to_string(key_state state);

struct revoked_key {
    key_purpose purpose;
    std::optional<std::string> successor;  // the kid of the key that replaced it
};

// `masters` are the servers' master keys. If none of them sealed a needed key, a function returns errc::internal with a
// message that names both keys. Functions also return the store's errors.
class key_changes {
public:
    // `actor` is recorded in audit events. `store` and `clock` must outlive it.
    key_changes(key_store& store, const clock& clock, std::string actor);

    // Creates a next key for each purpose, which starts to sign after `lead`, and returns their kids.
    // errc::already_exists: a next key exists already; none was created. errc::not_found: there are no keys yet.
    // errc::invalid_argument: the internal key cannot be rotated.
    task<result<std::vector<std::string>>> rotate(const std::vector<key_purpose>& purposes,
                                                  std::chrono::milliseconds lead, const master_keys& masters);

    // Destroys a key immediately. Servers reject what it signed within key_notice_time. errc::not_found: no such key,
    // or it is gone already. errc::invalid_argument: the internal key cannot be revoked.
    task<result<revoked_key>> revoke(const std::string& kid, const master_keys& masters);

    // Reseals all keys with the first of `masters` and returns their number. errc::version_mismatch: the keys changed
    // meanwhile; nothing was done.
    task<result<std::size_t>> rewrap(const master_keys& masters);

private:
    key_step step() const { return {.actor = actor_, .at = clock_.now()}; }

    key_store& store_;
    const clock& clock_;
    const std::string actor_;
};

}  // namespace userinfo
