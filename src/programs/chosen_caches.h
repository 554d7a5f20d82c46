// The caches that the settings name: those of this process, or the ones that services share in Redis Cluster.
#pragma once

#include <memory>
#include <vector>

#include "attempts/source_limits.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/task.h"
#include "profile/profile_cache.h"
#include "programs/settings.h"
#include "service/account_cache.h"
#include "session/session_cache.h"
#include "storage/redis/cluster.h"
#include "tokens/internal_key.h"

namespace userinfo::programs {

class chosen_caches {
public:
    // Asks nobody anything yet. `contexts` are those that requests come on; all must outlive this, and their threads
    // have ended before it does. `coarse` is good enough for what is forgotten some milliseconds late. Throws
    // config_error: the password file cannot be used.
    chosen_caches(const settings& settings, const clock& clock, const userinfo::clock& coarse, const internal_key& key,
                  const std::vector<asio::io_context*>& contexts, metrics& metrics);

    // Finds the nodes of the Redis Cluster, if there is one, and follows its changes on `home`. Blocks. The program can
    // do without.
    void start(asio::io_context& home);

    profile_cache& profiles() { return *profiles_; }
    session_cache& sessions() { return *sessions_; }
    account_cache& accounts() { return *accounts_; }
    source_limits& source_limits() { return *source_limits_; }

private:
    void use_memory(const settings& settings, const clock& clock, const userinfo::clock& coarse, metrics& metrics);
    void use_redis(const settings& settings, const clock& clock, const userinfo::clock& coarse, const internal_key& key,
                   const std::vector<asio::io_context*>& contexts, metrics& metrics);

    std::unique_ptr<redis::cluster> cluster_;  // null: the caches are in memory
    std::unique_ptr<profile_cache> profiles_;
    std::unique_ptr<session_cache> sessions_;
    std::unique_ptr<account_cache> accounts_;
    std::unique_ptr<userinfo::source_limits> source_limits_;
};

}  // namespace userinfo::programs
