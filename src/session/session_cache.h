// A cache of session states in front of the database. It saves queries but never makes a program accept more than the
// database would: a missing entry means "ask the database".
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/task.h"
#include "base/uuid.h"

namespace userinfo {

enum class cached_session { live, revoked };

class session_cache {
public:
    virtual ~session_cache() = default;

    // Empty: not in the cache, or the cache does not answer.
    virtual task<std::optional<cached_session>> get(uuid account, uuid session) = 0;

    // Never replaces `revoked`. The entry expires at `expires_at`, which is at most the expiry of the access token and
    // at most as long as a revocation is remembered.
    virtual task<void> put_live(uuid account, uuid session, timestamp expires_at) = 0;

    // Replaces any entry. Returns whether every reader is guaranteed to see it from now on.
    virtual task<bool> put_revoked(uuid account, uuid session, timestamp expires_at) = 0;
};

}  // namespace userinfo
