// An allow-list of live sessions beside the database: it saves a query, and is never the reason to accept more than the
// database would. A missing entry means "ask", never "accept".
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

    // Nothing: not known, or the cache does not answer.
    virtual task<std::optional<cached_session>> get(uuid account, uuid session) = 0;

    // Never replaces `revoked`. Kept until `expires_at`: the expiry of the access token at the latest, and no longer
    // than a revocation is remembered.
    virtual task<void> put_live(uuid account, uuid session, timestamp expires_at) = 0;

    // Replaces whatever is there. Returns whether every reader is sure to see it from now on.
    virtual task<bool> put_revoked(uuid account, uuid session, timestamp expires_at) = 0;
};

}  // namespace userinfo
