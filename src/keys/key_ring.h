// The program's own keys while it serves: loads them, makes the first ones, takes the steps whose time has come, and
// puts what other programs changed where tokens are signed and verified.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "keys/key_material.h"
#include "keys/key_store.h"
#include "tokens/access_keys.h"
#include "tokens/internal_key.h"
#include "tokens/refresh_token.h"
#include "tokens/sealing.h"

namespace userinfo {

// The longest life of what a key of that purpose signs.
struct key_lifetimes {
    std::chrono::seconds access = std::chrono::minutes(15);
    std::chrono::seconds refresh = std::chrono::days(30);
};

// Reads the master keys from where they are kept. Throws std::runtime_error if it cannot.
using master_key_reader = std::function<master_keys()>;

// What a change by another program takes until a ring that can ask its store knows it: a poll, and the time it takes.
inline constexpr std::chrono::seconds key_notice_time{2};

class key_ring {
public:
    // `read_masters`: asked again when a key was sealed by another master key than `masters`, because an operator may
    // have replaced it. The store, the clock and what it fills must outlive it.
    key_ring(key_store& store, master_keys masters, master_key_reader read_masters, const clock& clock,
             key_lifetimes lifetimes, access_keys& access, refresh_tokens& refresh, internal_key& internal);

    // Fills `access`, `refresh` and `internal` from the store; makes a first key for a purpose that has none. Returns
    // an error if the store fails, or if a key was sealed by another master key.
    task<result<void>> load();

    // Follows the store: makes next keys active, destroys retiring ones, takes over what changed. On an error it goes
    // on with the keys that it has, but for those that it knows to be gone. Not beside itself.
    task<result<void>> step();

    // Steps each second, for ever; run it beside the requests. An error is logged once, until it is another or over.
    task<void> follow();

private:
    struct opened_key {
        key_purpose purpose;
        key_material material;
    };

    task<result<void>> make_first(key_purpose purpose);
    task<result<bool>> advance(const std::vector<stored_key>& keys);
    task<result<bool>> advance_one(const stored_key& key);
    result<void> use(const std::vector<stored_key>& keys);
    result<void> open(const std::vector<stored_key>& keys);
    void read_masters_again();
    void choose_signers(const std::vector<stored_key>& keys);
    result<void> check_signers(const std::vector<stored_key>& keys) const;
    bool signs(const std::string& kid) const;
    void publish(const std::vector<stored_key>& keys);
    void report(const result<void>& stepped);

    key_store& store_;
    master_keys masters_;
    const master_key_reader read_masters_;
    const clock& clock_;
    const key_lifetimes lifetimes_;
    access_keys& access_;
    refresh_tokens& refresh_;
    internal_key& internal_;

    std::optional<std::vector<stored_key>> used_;  // what the sets were filled from, if all of it opened
    std::map<std::string, opened_key> opened_;     // by kid: unsealing costs
    std::map<key_purpose, std::string> signers_;   // the kids of those that sign
    std::string trouble_;                          // what was logged last; empty: all is well
};

}  // namespace userinfo
