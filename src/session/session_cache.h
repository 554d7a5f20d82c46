// A cache of session states in front of the database. It saves queries and writes, but never makes a program accept
// more than the database would: a missing entry means "ask the database".
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/task.h"
#include "base/uuid.h"

namespace userinfo {

enum class cached_session { live, revoked };

// What the cache knows of a session.
struct known_session {
    std::optional<cached_session> state = {};  // empty: not in the cache, or the cache does not answer
    std::uint64_t arrived = 1;                 // session::arrived, or less
};

class session_cache {
public:
    virtual ~session_cache() = default;

    virtual task<known_session> get(uuid account, uuid session) = 0;

    // Never replaces `revoked`. The entry expires at `expires_at`, which is at most the expiry of the access token and
    // at most as long as a revocation is remembered.
    virtual task<void> put_live(uuid account, uuid session, timestamp expires_at) = 0;

    // Raises known_session::arrived; it never falls. A lost entry costs one write that changes nothing.
    virtual task<void> put_arrived(uuid account, uuid session, std::uint64_t generation, timestamp expires_at) = 0;

    // Replaces any state. Returns whether every reader is guaranteed to see it from now on.
    virtual task<bool> put_revoked(uuid account, uuid session, timestamp expires_at) = 0;
};

}  // namespace userinfo
