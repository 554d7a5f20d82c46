#include "storage/redis/redis_profile_cache.h"

#include "base/log.h"
#include "profile/cache_lifetime.h"
#include "storage/redis/cache_keys.h"
#include "storage/redis/profile_json.h"

namespace userinfo::redis {

namespace {

// KEYS[1]: the entry. ARGV: its version, its text, its lifetime in ms. A damaged entry has no version and is replaced.
const script& put_script() {
    static const script put(R"(
local known = redis.call('GET', KEYS[1])
local version = known and tonumber(string.match(known, '^{"version":(%d+)[,}]'))
if not version or version < tonumber(ARGV[1]) then
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
)");
    return put;
}

}  // namespace

profile_ptr read_profile_entry(const reply_part& entry, const uuid& account) {
    const auto text = entry.text();
    if (!text) return nullptr;
    auto parsed = parse_profile_json(*text, account);
    if (!parsed) {
        log_error("a profile cache entry is damaged", {{"account", account.to_string()}});
        return nullptr;
    }
    return std::make_shared<const versioned_profile>(std::move(*parsed));
}

task<bool> redis_profile_cache::put(uuid account, profile_ptr entry) {
    const auto lifetime = std::chrono::floor<std::chrono::milliseconds>(cache_lifetime_of(*entry));
    const auto got =
        co_await cluster_.run(put_script(), profile_key(account),
                              {std::to_string(entry->version), to_json(*entry), std::to_string(lifetime.count())});
    co_return got.has_value();
}

}  // namespace userinfo::redis
