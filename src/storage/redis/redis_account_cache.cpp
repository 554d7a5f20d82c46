#include "storage/redis/redis_account_cache.h"

#include "storage/redis/cache_keys.h"
#include "storage/redis/redis_profile_cache.h"
#include "storage/redis/redis_session_cache.h"

namespace userinfo::redis {

redis_account_cache::redis_account_cache(cluster& cluster, metrics& metrics)
    : cluster_(cluster), sessions_(metrics, "session"), profiles_(metrics, "profile") {}

task<cached_account> redis_account_cache::get(uuid account, uuid session) {
    const auto profile = profile_key(account);
    const auto got = co_await cluster_.ask(
        profile, command({"MGET", session_key(account, session), profile, arrived_key(account, session)}));
    cached_account found;
    if (got && got->size() == 3) {
        found.session = read_session_entries((*got)[0], (*got)[2], account);
        found.profile = read_profile_entry((*got)[1], account);
    }
    sessions_.count(found.session.state.has_value());
    profiles_.count(found.profile != nullptr);
    co_return found;
}

}  // namespace userinfo::redis
