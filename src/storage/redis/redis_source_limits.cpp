#include "storage/redis/redis_source_limits.h"

#include "base/hex.h"

namespace userinfo::redis {

namespace {

constexpr std::string_view key_use = "source limits";

// A bucket is stored as the time when it will be full again, in µs (generic cell rate algorithm). KEYS[1]: the bucket.
// ARGV: the cost of one token and of a full bucket, in µs. Returns the time until the next token; 0: a token was taken.
const script& take_script() {
    static const script take(R"(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each, whole = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = tonumber(redis.call('GET', KEYS[1]) or '')
-- Further away than an empty bucket can be: the clock is another node's.
if not full_at or full_at < now or full_at > now + whole then full_at = now end
full_at = full_at + each
if full_at > now + whole then return full_at - (now + whole) end
redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
return 0
)");
    return take;
}

}  // namespace

redis_source_limits::redis_source_limits(source_rates rates, cluster& cluster, const internal_key& key,
                                         std::size_t capacity, const clock& clock)
    : rates_(rates), cluster_(cluster), key_(key), own_(rates, capacity, clock) {}

task<std::optional<std::chrono::microseconds>> redis_source_limits::take(source_action action, std::string source) {
    const auto& rate = rates_.of(action);
    const std::chrono::microseconds each = std::chrono::microseconds(std::chrono::minutes(1)) / rate.per_minute;
    const std::chrono::microseconds whole = each * rate.burst;
    const auto mac = key_.mac(key_use, std::to_string(static_cast<int>(action)) + ' ' + source);
    const auto got = co_await cluster_.run(take_script(), "userinfo:source:{" + to_hex(mac) + '}',
                                           {std::to_string(each.count()), std::to_string(whole.count())});
    const auto wait = got ? got->integer() : std::nullopt;
    if (!wait) co_return co_await own_.take(action, std::move(source));
    if (*wait <= 0) co_return std::nullopt;
    co_return std::chrono::microseconds(*wait);
}

}  // namespace userinfo::redis
