// A session cache that stores nothing, for programs that share no cache with the servers. It never confirms a
// revocation, so revoking waits until every server has read the database.
#pragma once

#include "session/session_cache.h"

namespace userinfo::memory {

class no_session_cache final : public session_cache {
public:
    task<known_session> get(uuid, uuid) override { co_return known_session(); }
    task<void> put_live(uuid, uuid, timestamp) override { co_return; }
    task<void> put_arrived(uuid, uuid, std::uint64_t, timestamp) override { co_return; }
    task<bool> put_revoked(uuid, uuid, timestamp) override { co_return false; }
};

}  // namespace userinfo::memory
