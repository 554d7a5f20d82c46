#include "session/revocations.h"

#include "base/spawn.h"
#include "storage/memory/no_session_cache.h"
#include "support/background_thread.h"
#include "support/eventually.h"
#include "support/failure_of.h"
#include "support/forwarding_session_store.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;
using steady = std::chrono::steady_clock;

class broken_session_store final : public forwarding_session_store {
public:
    using forwarding_session_store::forwarding_session_store;

    task<result<std::vector<revocation>>> revoked_since(timestamp) override {
        co_return unavailable("The database does not answer.", 1s);
    }
};

class revocations_test : public testing::Test {
protected:
    // Ends a new session behind the back of `parts_`, as another program would whose clock is that much behind, and
    // returns its id.
    uuid end_elsewhere(std::chrono::seconds behind = 0s) {
        const auto owner = parts_.owner_of(parts_.log_in(anna));
        parts_.end_elsewhere(owner, manual_clock(parts_.clock.now() - behind));
        return owner.session;
    }

    void begin_to_follow() { spawn(parts_.background.get_executor(), "revocations", parts_.revoked.follow()); }

    steady::duration time_to_announce(session_cache& cache, const session_ids& ended) {
        revocations revoked(parts_.store.sessions, cache, parts_.clock, 15min);
        const auto begin = steady::now();
        run(revoked.announce(uuid::random(), ended));
        return steady::now() - begin;
    }

    service_fixture parts_;
    const uuid account_ = parts_.register_account(anna);
};

TEST_F(revocations_test, what_is_announced_holds_in_the_set_and_in_the_cache) {
    const session_ids ended{uuid::random(), uuid::random()};
    for (const auto& id : ended) EXPECT_FALSE(parts_.revoked.contains(id));
    run(parts_.revoked.announce(account_, ended));
    for (const auto& id : ended) {
        EXPECT_TRUE(parts_.revoked.contains(id));
        EXPECT_EQ(run(parts_.session_cache.get(account_, id)), cached_session::revoked);
    }
    EXPECT_FALSE(parts_.revoked.contains(uuid::random()));
}

TEST_F(revocations_test, waits_until_every_program_has_looked_if_the_cache_cannot_confirm) {
    memory::no_session_cache unsharing;
    const auto took = time_to_announce(unsharing, {uuid::random(), uuid::random(), uuid::random()});
    EXPECT_GE(took, 1s);
    EXPECT_LT(took, 3s);
}

TEST_F(revocations_test, does_not_wait_if_the_cache_confirms_or_nothing_ended) {
    memory::no_session_cache unsharing;
    EXPECT_LT(time_to_announce(parts_.session_cache, {uuid::random()}), 1s);
    EXPECT_LT(time_to_announce(unsharing, {}), 1s);
}

TEST_F(revocations_test, loads_what_was_revoked_while_a_token_of_then_may_live) {
    const auto forgotten = end_elsewhere();
    parts_.clock.advance(1h);
    const auto known = end_elsewhere();
    parts_.clock.advance(15min);
    EXPECT_FALSE(parts_.revoked.contains(known));
    ASSERT_TRUE(run(parts_.revoked.load()));
    EXPECT_TRUE(parts_.revoked.contains(known));
    EXPECT_FALSE(parts_.revoked.contains(forgotten));
}

TEST_F(revocations_test, its_view_is_fresh_for_a_second_after_it_was_read) {
    EXPECT_FALSE(parts_.revoked.is_fresh());
    ASSERT_TRUE(run(parts_.revoked.load()));
    const auto loaded = steady::now();
    EXPECT_TRUE(parts_.revoked.is_fresh());
    EXPECT_TRUE(eventually([&] { return !parts_.revoked.is_fresh(); }));
    EXPECT_GE(steady::now() - loaded, 900ms);
}

TEST_F(revocations_test, a_failed_reading_makes_no_view_fresh) {
    broken_session_store store(parts_.store.sessions);
    revocations revoked(store, parts_.session_cache, parts_.clock, 15min);
    EXPECT_EQ(failure_of(run(revoked.load())), errc::unavailable);
    EXPECT_FALSE(revoked.is_fresh());
}

TEST_F(revocations_test, following_notices_what_another_program_revoked) {
    ASSERT_TRUE(run(parts_.revoked.load()));
    const auto before = end_elsewhere();
    begin_to_follow();
    const background_thread runner(parts_.background);
    EXPECT_TRUE(eventually([&] { return parts_.revoked.contains(before); }));
    const auto meanwhile = end_elsewhere();
    EXPECT_TRUE(eventually([&] { return parts_.revoked.contains(meanwhile); }));
}

TEST_F(revocations_test, following_bears_clocks_that_are_apart_and_transactions_that_take_long) {
    ASSERT_TRUE(run(parts_.revoked.load()));
    const auto ended = end_elsewhere(30s + 10s);
    const auto later = end_elsewhere(-30s);
    begin_to_follow();
    const background_thread runner(parts_.background);
    EXPECT_TRUE(eventually([&] { return parts_.revoked.contains(ended); }));
    EXPECT_TRUE(eventually([&] { return parts_.revoked.contains(later); }));
}

TEST_F(revocations_test, following_keeps_the_view_fresh) {
    ASSERT_TRUE(run(parts_.revoked.load()));
    EXPECT_TRUE(eventually([&] { return !parts_.revoked.is_fresh(); }));
    begin_to_follow();
    const background_thread runner(parts_.background);
    EXPECT_TRUE(eventually([&] { return parts_.revoked.is_fresh(); }));
}

TEST_F(revocations_test, following_after_a_long_stop_misses_nothing) {
    ASSERT_TRUE(run(parts_.revoked.load()));
    const auto ended = end_elsewhere();
    parts_.clock.advance(5min);
    begin_to_follow();
    const background_thread runner(parts_.background);
    EXPECT_TRUE(eventually([&] { return parts_.revoked.contains(ended); }, 3s));
}

TEST_F(revocations_test, following_forgets_what_no_token_outlived) {
    const auto ended = uuid::random();
    run(parts_.revoked.announce(account_, {ended}));
    begin_to_follow();
    const background_thread runner(parts_.background);
    parts_.clock.advance(15min);
    EXPECT_TRUE(eventually([&] { return parts_.revoked.is_fresh(); }));
    EXPECT_TRUE(parts_.revoked.contains(ended));
    parts_.clock.advance(1min);
    EXPECT_TRUE(eventually([&] { return !parts_.revoked.contains(ended); }));
}

}  // namespace
}  // namespace userinfo
