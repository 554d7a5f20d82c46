// What clients that are logged in may do in a minute, and what a refresh token costs that is not ours.
#include <atomic>

#include "support/failure_of.h"
#include "support/first_refresh_token.h"
#include "support/forwarding_session_store.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

constexpr source_rates rates{.checks = {.per_minute = 1000, .burst = 1000},
                             .registers = {.per_minute = 1000, .burst = 1000},
                             .refreshes = {.per_minute = 5, .burst = 5},
                             .writes = {.per_minute = 5, .burst = 5},
                             .forced_reads = {.per_minute = 5, .burst = 5},
                             .session_refreshes = {.per_minute = 3, .burst = 3},
                             .session_writes = {.per_minute = 3, .burst = 3},
                             .session_forced_reads = {.per_minute = 3, .burst = 3}};

class usage_limits_test : public testing::Test {
protected:
    usage_limits_test() { parts_.register_account(anna); }

    call from(const std::string& address, const token_grant& grant) const {
        auto call = parts_.request(grant.access_token);
        call.address = address;
        return call;
    }

    result<token_grant> refresh(const std::string& address, const std::string& token) {
        auto call = from(address, {});
        return run(parts_.service.perform(call, use_cases::refresh{token, transport::bearer}));
    }

    result<profile_view> write(const std::string& address, const token_grant& grant) {
        auto call = from(address, grant);
        return run(parts_.service.perform(
            call, use_cases::create_profile{{.username = "Anna", .birthday = {}, .avatar = {}}}));
    }

    result<profile_view> read(const std::string& address, const token_grant& grant, std::uint64_t seen) {
        auto call = from(address, grant);
        const seen_version version{.account = parts_.owner_of(grant).account, .version = seen};
        return run(parts_.service.perform(call, use_cases::get_profile{{version}}));
    }

    // How many calls of so many are let through; the others are told to wait for 20 s.
    static int admitted(int calls, auto call) {
        int count = 0;
        for (int i = 0; i < calls; ++i) {
            const auto outcome = call();
            if (outcome || outcome.error().code != errc::too_many_attempts) {
                ++count;
                continue;
            }
            EXPECT_GT(outcome.error().retry_after, 0s);
            EXPECT_LE(outcome.error().retry_after, 20s);
        }
        return count;
    }

    service_fixture parts_{{.sources = rates}};
};

TEST_F(usage_limits_test, a_session_refreshes_so_often_and_its_source_a_little_more) {
    const auto mine = parts_.log_in(anna).refresh_token, other = parts_.log_in(anna).refresh_token;
    EXPECT_EQ(admitted(10, [&] { return refresh("192.0.2.1", mine); }), 3);
    EXPECT_EQ(admitted(10, [&] { return refresh("192.0.2.1", other); }), 2);
    EXPECT_EQ(admitted(10, [&] { return refresh("192.0.2.2", mine); }), 0) << "another source is the same session";
    parts_.clock.advance(1min);
    EXPECT_EQ(admitted(10, [&] { return refresh("192.0.2.1", mine); }), 3);
}

TEST_F(usage_limits_test, a_session_writes_its_profile_so_often_and_its_source_a_little_more) {
    const auto mine = parts_.log_in(anna), other = parts_.log_in(anna);
    EXPECT_EQ(admitted(10, [&] { return write("192.0.2.1", mine); }), 3);
    EXPECT_EQ(admitted(10, [&] { return write("192.0.2.1", other); }), 2);
    EXPECT_EQ(admitted(10, [&] { return write("192.0.2.2", mine); }), 0);
    auto call = from("192.0.2.1", mine);
    EXPECT_EQ(failure_of(run(parts_.service.perform(call, use_cases::update_profile()))), errc::too_many_attempts);
    EXPECT_EQ(failure_of(run(parts_.service.perform(call, use_cases::delete_profile()))), errc::too_many_attempts);
    EXPECT_TRUE(read("192.0.2.1", mine, 0)) << "reads go on";
}

TEST_F(usage_limits_test, a_session_forces_reads_so_often_and_its_source_a_little_more) {
    const auto mine = parts_.log_in(anna), other = parts_.log_in(anna);
    ASSERT_TRUE(write("192.0.2.1", mine));
    // Lower each time, or the answer would be remembered.
    std::uint64_t seen = 1000;
    EXPECT_EQ(admitted(10, [&] { return read("192.0.2.1", mine, --seen); }), 3);
    EXPECT_EQ(admitted(10, [&] { return read("192.0.2.1", other, --seen); }), 2);
    EXPECT_EQ(admitted(10, [&] { return read("192.0.2.2", mine, --seen); }), 0);
    EXPECT_EQ(admitted(10, [&] { return read("192.0.2.1", mine, 1); }), 10) << "what the cache has costs nothing";
    EXPECT_EQ(admitted(10, [&] { return read("192.0.2.1", mine, 0); }), 10);
}

class counting_session_store final : public forwarding_session_store {
public:
    using forwarding_session_store::forwarding_session_store;

    task<result<std::optional<session>>> find_live(uuid id, timestamp now) override {
        ++looks;
        return forwarding_session_store::find_live(id, now);
    }

    int looks = 0;
};

class foreign_refresh_token_test : public testing::Test {
protected:
    foreign_refresh_token_test() {
        parts_.register_account(anna);
        parts_.refresh_keys.replace_keys({key_});
    }

    result<token_grant> refresh(const std::string& token) {
        auto call = parts_.request();
        return run(service_.perform(call, use_cases::refresh{token, transport::bearer}));
    }

    result<void> log_out(const std::string& token, const std::string& access_token = {}) {
        auto call = parts_.request(access_token);
        return run(service_.perform(call, use_cases::log_out{token}));
    }

    std::string first_token_of(const token_grant& grant) {
        const auto id = parts_.owner_of(grant).session;
        const auto stored = run(parts_.store.sessions.find_live(id, parts_.clock.now())).value().value();
        return first_refresh_token(key_, id, stored.generation, stored.nonce);
    }

    const refresh_key key_{.secret = {1, 2, 3}, .signs = true};
    service_fixture parts_;
    counting_session_store store_{parts_.store.sessions};
    sessions sessions_{{}, store_, parts_.revoked, parts_.access, parts_.refresh_keys, parts_.clock};
    local_userinfo service_{
        {.recent_log_in = 1h}, parts_.accounts, parts_.limits,        parts_.usage,     sessions_,   parts_.devices,
        parts_.check,          parts_.profiles, parts_.account_cache, parts_.published, parts_.clock};
};

TEST_F(foreign_refresh_token_test, one_of_another_key_costs_no_look_at_the_database) {
    refresh_tokens strangers;
    strangers.replace_keys({{.secret = {4, 5, 6}, .signs = true}});
    for (int i = 0; i < 300; ++i) {
        const auto token = strangers.issue(uuid::random(), 1, uuid::random().bytes());
        EXPECT_EQ(failure_of(refresh(token)), errc::invalid_token);
        EXPECT_TRUE(log_out(token));
    }
    EXPECT_EQ(store_.looks, 0);
}

TEST_F(foreign_refresh_token_test, guesses_in_the_form_of_version_1_cost_few_looks) {
    int refused = 0;
    for (int i = 0; i < 300; ++i) {
        const auto guess = first_refresh_token({.secret = {4}}, uuid::random(), 1, uuid::random().bytes());
        if (failure_of(refresh(guess)) == errc::too_many_attempts) ++refused;
    }
    EXPECT_EQ(store_.looks, 60);
    EXPECT_EQ(refused, 240);
    const auto guess = first_refresh_token({.secret = {4}}, uuid::random(), 1, {});
    EXPECT_EQ(failure_of(log_out(guess)), errc::too_many_attempts);
    const auto granted = parts_.log_in(anna);
    EXPECT_EQ(failure_of(log_out(guess, granted.access_token)), errc::too_many_attempts);
    EXPECT_FALSE(parts_.is_accepted(granted)) << "the session of the access token has ended";
    EXPECT_TRUE(refresh(parts_.log_in(anna).refresh_token)) << "tokens of today are not touched by it";
}

TEST_F(foreign_refresh_token_test, one_of_version_1_goes_on_working) {
    const auto first = parts_.log_in(anna);
    const auto next = refresh(first_token_of(first)).value();
    EXPECT_EQ(next.refresh_token.size(), 119u);
    EXPECT_TRUE(refresh(next.refresh_token));
    const auto second = parts_.log_in(anna);
    EXPECT_TRUE(log_out(first_token_of(second)));
    EXPECT_FALSE(parts_.is_accepted(second));
}

}  // namespace
}  // namespace userinfo
