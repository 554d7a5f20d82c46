// When a key is added, and when it takes the next step of its life: next, active, retiring, gone.
//
// Plain functions without I/O. A store calls them inside its transaction, on rows that it has locked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "keys/key_store.h"

namespace userinfo {

// For an operator whose database no server has used.
error no_keys_yet();

// A next key whose time has come.
bool is_due_to_sign(const stored_key& key, timestamp now);

// A retiring key that verifies nothing any more.
bool is_due_to_end(const stored_key& key, timestamp now);

// Whether `added` fits beside the keys that are there: a purpose has at most one next and one active key.
// errc::already_exists: it has one in that state.
result<void> check_may_be_added(const stored_key& added, const std::vector<stored_key>& present);

// `key`: the one called `kid`, or nothing if there is none. errc::not_found: there is none, or it is gone already.
result<void> check_may_be_revoked(const std::optional<stored_key>& key, const std::string& kid);

}  // namespace userinfo
