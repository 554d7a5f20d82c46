#include "storage/redis/redis_session_cache.h"

#include <charconv>

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

// KEYS[1]: the entry. ARGV: a generation, its lifetime in ms. The number never falls; a damaged entry is replaced.
const script& put_arrived_script() {
    static const script put(R"(
local known = redis.call('GET', KEYS[1])
local is_number = known and #known < 16 and string.match(known, '^[1-9]%d*$')
if is_number and tonumber(known) > tonumber(ARGV[1]) then return 1 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
)");
    return put;
}

void report_damage(const uuid& account) {
    log_error("a session cache entry is damaged", {{"account", account.to_string()}});
}

std::optional<cached_session> read_state(const reply_part& entry, const uuid& account) {
    const auto text = entry.text();
    if (text == live_entry) return cached_session::live;
    if (text == revoked_entry) return cached_session::revoked;
    if (text) report_damage(account);
    return std::nullopt;
}

std::uint64_t read_arrived(const reply_part& entry, const uuid& account) {
    constexpr std::uint64_t first = known_session().arrived;
    const auto text = entry.text();
    if (!text) return first;
    std::uint64_t generation = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), generation);
    if (error == std::errc() && end == text->data() + text->size() && generation >= first) return generation;
    report_damage(account);
    return first;
}

}  // namespace

redis_session_cache::redis_session_cache(cluster& cluster, const clock& clock, metrics& metrics)
    : cluster_(cluster), clock_(clock), requests_(metrics, "session") {}

known_session read_session_entries(const reply_part& state, const reply_part& arrived, const uuid& account) {
    return {.state = read_state(state, account), .arrived = read_arrived(arrived, account)};
}

task<known_session> redis_session_cache::get(uuid account, uuid session) {
    const auto key = session_key(account, session);
    const auto got = co_await cluster_.ask(key, command({"MGET", key, arrived_key(account, session)}));
    known_session found;
    if (got && got->size() == 2) found = read_session_entries((*got)[0], (*got)[1], account);
    requests_.count(found.state.has_value());
    co_return found;
}

task<void> redis_session_cache::put_live(uuid account, uuid session, timestamp expires_at) {
    // Rounded down: never longer than requested.
    const auto lifetime = std::chrono::floor<std::chrono::milliseconds>(expires_at - clock_.now());
    if (lifetime.count() <= 0) co_return;
    // If the entry is not stored, the cost is one query to the database.
    (void)co_await cluster_.run(put_live_script(), session_key(account, session), {std::to_string(lifetime.count())});
}

task<void> redis_session_cache::put_arrived(uuid account, uuid session, std::uint64_t generation,
                                            timestamp expires_at) {
    const auto lifetime = std::chrono::floor<std::chrono::milliseconds>(expires_at - clock_.now());
    if (lifetime.count() <= 0) co_return;
    // If the entry is not stored, the cost is one write to the database that changes nothing.
    (void)co_await cluster_.run(put_arrived_script(), arrived_key(account, session),
                                {std::to_string(generation), std::to_string(lifetime.count())});
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
