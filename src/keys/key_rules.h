// When a key takes the next step of its life: next, active, retiring, gone.
//
// Plain functions without I/O. A store calls them inside its transaction, on rows that it has locked.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "keys/key_store.h"

namespace userinfo {

// A next key whose time has come.
bool is_due_to_sign(const stored_key& key, timestamp now);

// A retiring key that verifies nothing any more.
bool is_due_to_end(const stored_key& key, timestamp now);

// errc::not_found: there is no such key, or it is gone already.
result<void> check_may_be_revoked(const std::optional<stored_key>& key);

}  // namespace userinfo
