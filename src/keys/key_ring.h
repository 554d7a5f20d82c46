// The program's own keys in a running server. Loads them, creates the first ones, rotates them on schedule, and gives
// changes made by other programs to the code that signs and verifies tokens.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
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

// The longest lifetime of the tokens that a key of each purpose signs.
struct key_lifetimes {
    std::chrono::seconds access;
    std::chrono::seconds refresh;
};

// Reads the master keys from their source. Throws std::runtime_error if it cannot.
using master_key_reader = std::function<master_keys()>;

// How soon a ring that can reach its store notices another program's change: one poll interval plus the poll itself.
inline constexpr std::chrono::seconds key_notice_time{2};

class key_ring {
public:
    // `read_masters` is called again when none of `masters` sealed a key, because an operator may have replaced the
    // master key. `store`, `clock`, `access`, `refresh` and `internal` must outlive it.
    key_ring(key_store& store, master_keys masters, master_key_reader read_masters, const clock& clock,
             key_lifetimes lifetimes, access_keys& access, refresh_tokens& refresh, internal_key& internal);

    // Fills `access`, `refresh` and `internal` from the store, and creates a first key for each purpose that has none.
    // Returns an error if the store fails or no master key fits.
    task<result<void>> load();

    // Polls the store: activates next keys, destroys retiring ones that are due, and applies what changed. After an
    // error the current keys stay in use, except those known to be gone. Must not run concurrently with itself.
    task<result<void>> step();

    // Calls `step` every second, forever, beside the requests. A repeated error is logged once.
    task<void> follow();

private:
    struct opened_key {
        key_purpose purpose;
        key_material material;
    };

    task<result<void>> make_first(key_purpose purpose);
    task<result<bool>> advance(const std::vector<stored_key>& live);
    task<result<bool>> advance_one(const stored_key& key);
    task<result<void>> take_over(const std::vector<stored_key>& live);
    result<void> use(const std::vector<stored_key>& live);
    result<void> open(const std::vector<stored_key>& live);
    void read_masters_again();
    void choose_signers(const std::vector<stored_key>& live);
    result<void> check_signers(const std::vector<stored_key>& live) const;
    bool signs(const std::string& kid) const;
    void drop_gone(const std::vector<stored_key>& live);
    task<result<void>> learn_former(const std::vector<stored_key>& live);
    void publish(const std::vector<stored_key>& live);
    void report(const result<void>& stepped);

    key_store& store_;
    master_keys masters_;
    const master_key_reader read_masters_;
    const clock& clock_;
    const key_lifetimes lifetimes_;
    access_keys& access_;
    refresh_tokens& refresh_;
    internal_key& internal_;

    std::optional<std::vector<stored_key>> used_;     // what the key sets were filled from; empty if a key did not open
    std::optional<std::vector<stored_key>> learned_;  // the live keys when former_ was last read
    std::map<std::string, opened_key> opened_;        // by kid; cached because unsealing is expensive
    std::map<key_purpose, std::string> signers_;      // kids of the signing keys
    std::set<std::string> former_;                    // kids of gone access keys
    std::string trouble_;                             // the last error logged; empty if there is none
};

}  // namespace userinfo
