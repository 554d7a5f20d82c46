#include "storage/redis/redis_session_cache.h"

#include "base/log.h"
#include "storage/redis/cache_keys.h"

namespace userinfo::redis {

namespace {

constexpr std::string_view live_entry = "1";
constexpr std::string_view revoked_entry = "0";

// KEYS[1]: the entry. ARGV[1]: its lifetime in ms. An entry's lifetime is never shortened.
const script& put_live_script() {
    static const script put(R"(
if redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 1 end
if redis.call('GET', KEYS[1]) ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1], 'GT') end
return 1
)");
    return put;
}

}  // namespace

redis_session_cache::redis_session_cache(cluster& cluster, const clock& clock, metrics& metrics)
    : cluster_(cluster), clock_(clock), requests_(metrics, "session") {}

std::optional<cached_session> read_session_entry(const reply_part& entry, const uuid& account) {
    const auto text = entry.text();
    if (text == live_entry) return cached_session::live;
    if (text == revoked_entry) return cached_session::revoked;
    if (text) log_error("a session cache entry is damaged", {{"account", account.to_string()}});
    return std::nullopt;
}

task<std::optional<cached_session>> redis_session_cache::get(uuid account, uuid session) {
    const auto key = session_key(account, session);
    const auto got = co_await cluster_.ask(key, command({"GET", key}));
    const auto found = got ? read_session_entry(*got, account) : std::nullopt;
    requests_.count(found.has_value());
    co_return found;
}

task<void> redis_session_cache::put_live(uuid account, uuid session, timestamp expires_at) {
    // Rounded down: never longer than requested.
    const auto lifetime = std::chrono::floor<std::chrono::milliseconds>(expires_at - clock_.now());
    if (lifetime.count() <= 0) co_return;
    // If the entry is not stored, the cost is one query to the database.
    (void)co_await cluster_.run(put_live_script(), session_key(account, session), {std::to_string(lifetime.count())});
}

task<bool> redis_session_cache::put_revoked(uuid account, uuid session, timestamp expires_at) {
    // Rounded up: never shorter than requested.
    const auto lifetime = std::chrono::ceil<std::chrono::milliseconds>(expires_at - clock_.now());
    if (lifetime.count() <= 0) co_return true;
    const auto key = session_key(account, session);
    const auto set = command({"SET", key, revoked_entry, "PX", std::to_string(lifetime.count())});
    if (co_await cluster_.ask_confirmed(key, set)) co_return true;
    // The write may not have happened, because the connection was waiting for the replicas of earlier ones.
    (void)co_await cluster_.ask(key, set);
    co_return false;
}

}  // namespace userinfo::redis
