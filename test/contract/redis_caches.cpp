#include "contract/redis_caches.h"

#include <sodium.h>

#include "contract/redis_client.h"
#include "contract/redis_servers.h"
#include "storage/redis/redis_account_cache.h"
#include "storage/redis/redis_profile_cache.h"
#include "storage/redis/redis_session_cache.h"
#include "storage/redis/redis_source_limits.h"

namespace userinfo::test {

namespace {

// What the suites ask for here is never slow; on a busy machine it may be.
redis::cluster_settings patient(redis::cluster_settings settings) {
    settings.time_limit = settings.confirmation_limit = std::chrono::seconds(5);
    return settings;
}

// Its buckets are nobody else's.
struct new_internal_key : internal_key {
    new_internal_key() {
        secret value;
        randombytes_buf(value.data(), value.size());
        set(value);
    }
};

// Brings a node's entries closer to their end, as if time had passed; a bucket's content is a time as well.
constexpr std::string_view age_script = R"(
for _, key in ipairs(redis.call('KEYS', 'userinfo:*')) do
    local left = math.ceil(redis.call('PTTL', key) - ARGV[1] / 1000)
    if left > 0 and string.find(key, '^userinfo:source:') then
        redis.call('SET', key, string.format('%.0f', redis.call('GET', key) - ARGV[1]))
    end
    redis.call('PEXPIRE', key, left)
end
return 1
)";

class redis_caches final : public caches {
public:
    redis_caches() { EXPECT_TRUE(client_.run(client_.cluster().load())); }

    profile_cache& profiles() override { return profiles_; }
    session_cache& sessions() override { return sessions_; }
    account_cache& accounts() override { return accounts_; }
    userinfo::source_limits& source_limits() override { return source_limits_; }
    timestamp now() const override { return clock_.now(); }
    // Redis's clock goes on by itself.
    std::chrono::microseconds resolution() const override { return std::chrono::seconds(1); }

    void let_pass(std::chrono::microseconds time) override {
        clock_.advance(time);
        for (const auto& node : servers_.primaries()) {
            const auto aged = servers_.ask(node, {"EVAL", age_script, "0", std::to_string(time.count())});
            EXPECT_FALSE(aged.is_error()) << aged.error();
        }
    }

private:
    redis_servers servers_;
    manual_clock clock_;
    redis_client client_{patient(servers_.settings())};
    redis::redis_profile_cache profiles_{client_.cluster()};
    redis::redis_session_cache sessions_{client_.cluster(), clock_, client_.figures()};
    redis::redis_account_cache accounts_{client_.cluster(), client_.figures()};
    new_internal_key key_;
    redis::redis_source_limits source_limits_{
        {.checks = {.per_minute = 60, .burst = 3}, .registers = {.per_minute = 6, .burst = 1}},
        client_.cluster(),
        key_,
        1000,
        clock_};
};

}  // namespace

std::unique_ptr<caches> make_redis_caches() { return std::make_unique<redis_caches>(); }

}  // namespace userinfo::test
