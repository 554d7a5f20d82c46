// What operators do to the program's own keys, beside running servers, whose key_ring takes it over.
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

// From a next key's publication until it signs: other services look for new keys now and then.
inline constexpr std::chrono::minutes key_lead_time{2};

struct revoked_key {
    key_purpose purpose;
    std::optional<std::string> successor;  // the kid of the key that became active in its place
};

// `masters` are those of the servers. Every function returns errc::internal, with a message that names both, if
// a key that it needs was sealed by none of them, and what the store returns.
class key_changes {
public:
    // `actor` is for the audit. The store and the clock must outlive it.
    key_changes(key_store& store, const clock& clock, std::string actor);

    // Makes a next key of each purpose, which signs after `lead`; returns their kids. errc::already_exists: one waits
    // already, and none was made. errc::not_found: there are no keys yet. errc::invalid_argument: the internal one
    // is never rotated.
    task<result<std::vector<std::string>>> rotate(const std::vector<key_purpose>& purposes, std::chrono::minutes lead,
                                                  const master_keys& masters);

    // A key is gone at once; servers refuse what it signed within key_notice_time. errc::not_found: there is no such
    // key, or it is gone. errc::invalid_argument: it is the internal one, which is never revoked.
    task<result<revoked_key>> revoke(const std::string& kid, const master_keys& masters);

    // Seals all keys anew, with the first of `masters`; returns how many. errc::version_mismatch: they changed
    // meanwhile, and nothing was done.
    task<result<std::size_t>> rewrap(const master_keys& masters);

private:
    key_step step() const { return {.actor = actor_, .at = clock_.now()}; }

    key_store& store_;
    const clock& clock_;
    const std::string actor_;
};

}  // namespace userinfo
