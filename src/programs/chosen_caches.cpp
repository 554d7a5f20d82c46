#include "programs/chosen_caches.h"

#include <utility>

#include "base/log.h"
#include "base/spawn.h"
#include "programs/run_task.h"
#include "programs/secret_settings.h"
#include "programs/setting_values.h"
#include "storage/memory/memory_account_cache.h"
#include "storage/memory/memory_source_limits.h"
#include "storage/redis/redis_account_cache.h"
#include "storage/redis/redis_profile_cache.h"
#include "storage/redis/redis_session_cache.h"
#include "storage/redis/redis_source_limits.h"

namespace userinfo::programs {

namespace {

// The number of sources with token buckets: 4 MB.
constexpr std::size_t remembered_sources = 50'000;
// The number of buckets of what clients that are logged in do: 16 MB.
constexpr std::size_t remembered_usage = 200'000;

redis::cluster_settings cluster_settings_of(const settings& settings) {
    redis::cluster_settings cluster{.seeds = {}, .password = redis_password(settings)};
    for (const auto& node : settings.redis.nodes) {
        auto [host, port] = read_host_and_port(node);
        cluster.seeds.push_back({.host = std::move(host), .port = port});
    }
    return cluster;
}

}  // namespace

chosen_caches::chosen_caches(const settings& settings, const clock& clock, const userinfo::clock& coarse,
                             const internal_key& key, const std::vector<asio::io_context*>& contexts, metrics& metrics)
    : usage_limits_(settings.attempts.sources, remembered_usage, coarse) {
    if (settings.redis.nodes.empty()) {
        use_memory(settings, clock, coarse, metrics);
    } else {
        use_redis(settings, clock, coarse, key, contexts, metrics);
    }
}

void chosen_caches::use_memory(const settings& settings, const clock& clock, const userinfo::clock& coarse,
                               metrics& metrics) {
    auto profiles = std::make_unique<memory::memory_profile_cache>(settings.cache.profiles, coarse, metrics);
    auto sessions = std::make_unique<memory::memory_session_cache>(settings.cache.sessions, clock, metrics);
    accounts_ = std::make_unique<memory::memory_account_cache>(*sessions, *profiles);
    profiles_ = std::move(profiles);
    sessions_ = std::move(sessions);
    source_limits_ =
        std::make_unique<memory::memory_source_limits>(settings.attempts.sources, remembered_sources, coarse);
}

void chosen_caches::use_redis(const settings& settings, const clock& clock, const userinfo::clock& coarse,
                              const internal_key& key, const std::vector<asio::io_context*>& contexts,
                              metrics& metrics) {
    cluster_ = std::make_unique<redis::cluster>(cluster_settings_of(settings), contexts, metrics);
    profiles_ = std::make_unique<redis::redis_profile_cache>(*cluster_);
    sessions_ = std::make_unique<redis::redis_session_cache>(*cluster_, clock, metrics);
    accounts_ = std::make_unique<redis::redis_account_cache>(*cluster_, metrics);
    source_limits_ = std::make_unique<redis::redis_source_limits>(settings.attempts.sources, *cluster_, key,
                                                                  remembered_sources, coarse);
}

void chosen_caches::start(asio::io_context& home) {
    if (!cluster_) return;
    if (!run_task(home, cluster_->load())) log_warning("no Redis Cluster node answers; continuing without the cache");
    spawn(home.get_executor(), "Redis Cluster", cluster_->follow());
}

}  // namespace userinfo::programs
