// The caches chosen by the settings: in this process's memory, or shared by all services in Redis Cluster.
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
#include "storage/memory/memory_source_limits.h"
#include "storage/redis/cluster.h"
#include "tokens/internal_key.h"

namespace userinfo::programs {

class chosen_caches {
public:
    // Does not connect to Redis yet. `contexts` are the ones that run requests. The references and the contexts must
    // outlive this object, and the threads of `contexts` must have ended before it is destroyed. `coarse` is used where
    // an entry may expire some milliseconds late. Throws config_error if the password file cannot be used.
    chosen_caches(const settings& settings, const clock& clock, const userinfo::clock& coarse, const internal_key& key,
                  const std::vector<asio::io_context*>& contexts, metrics& metrics);

    // Discovers the nodes of the Redis Cluster, if there is one, and follows changes on `home`. Blocks. If it fails,
    // the program runs without the cache.
    void start(asio::io_context& home);

    profile_cache& profiles() { return *profiles_; }
    session_cache& sessions() { return *sessions_; }
    account_cache& accounts() { return *accounts_; }
    source_limits& source_limits() { return *source_limits_; }
    // In this process's memory: shared ones would cost each write a round trip.
    userinfo::source_limits& usage_limits() { return usage_limits_; }

private:
    void use_memory(const settings& settings, const clock& clock, const userinfo::clock& coarse, metrics& metrics);
    void use_redis(const settings& settings, const clock& clock, const userinfo::clock& coarse, const internal_key& key,
                   const std::vector<asio::io_context*>& contexts, metrics& metrics);

    std::unique_ptr<redis::cluster> cluster_;  // null if the caches are in memory
    std::unique_ptr<profile_cache> profiles_;
    std::unique_ptr<session_cache> sessions_;
    std::unique_ptr<account_cache> accounts_;
    std::unique_ptr<userinfo::source_limits> source_limits_;
    memory::memory_source_limits usage_limits_;
};

}  // namespace userinfo::programs
