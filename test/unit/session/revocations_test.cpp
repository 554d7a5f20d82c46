#include "session/revocations.h"

#include <algorithm>
#include <atomic>
#include <utility>

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

// Reads no revocations while it is broken.
class broken_session_store final : public forwarding_session_store {
public:
    explicit broken_session_store(session_store& next, bool is_broken = true)
        : forwarding_session_store(next), is_broken_(is_broken) {}

    task<result<revocation_view>> revoked_since(timestamp since) override {
        if (!is_broken_) co_return co_await forwarding_session_store::revoked_since(since);
        ++failures_;
        co_return unavailable("The database does not answer.", 1s);
    }

    void set_broken(bool is_broken) { is_broken_ = is_broken; }
    int failures() const { return failures_; }

private:
    std::atomic<bool> is_broken_;
    std::atomic<int> failures_ = 0;
};

// Its views are older than the reading.
class dating_session_store final : public forwarding_session_store {
public:
    using forwarding_session_store::forwarding_session_store;

    std::chrono::milliseconds age{0};

    task<result<revocation_view>> revoked_since(timestamp since) override {
        const auto asked = steady::now();
        auto view = co_await forwarding_session_store::revoked_since(since);
        view.value().as_of = asked - age;
        co_return view;
    }
};

// Confirms all but the first revocation.
class forgetful_session_cache final : public session_cache {
public:
    task<known_session> get(uuid, uuid) override { co_return known_session(); }
    task<void> put_live(uuid, uuid, timestamp) override { co_return; }
    task<void> put_arrived(uuid, uuid, std::uint64_t, timestamp) override { co_return; }
    task<bool> put_revoked(uuid, uuid, timestamp) override { co_return std::exchange(asked_, true); }

private:
    bool asked_ = false;
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

    void begin_to_follow() { begin_to_follow(parts_.revoked); }
    void begin_to_follow(revocations& revoked) {
        spawn(parts_.background.get_executor(), "revocations", revoked.follow());
    }

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
        EXPECT_EQ(run(parts_.session_cache.get(account_, id)).state, cached_session::revoked);
    }
    EXPECT_FALSE(parts_.revoked.contains(uuid::random()));
}

TEST_F(revocations_test, waits_until_every_program_has_looked_if_the_cache_cannot_confirm) {
    memory::no_session_cache unsharing;
    const auto took = time_to_announce(unsharing, {uuid::random(), uuid::random(), uuid::random()});
    EXPECT_GE(took, 1s);
    EXPECT_LT(took, 3s);
}

TEST_F(revocations_test, waits_if_the_cache_did_not_confirm_one_of_several) {
    forgetful_session_cache cache;
    EXPECT_GE(time_to_announce(cache, {uuid::random(), uuid::random()}), 1s);
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

TEST_F(revocations_test, a_view_that_is_older_than_the_reading_is_fresh_for_less) {
    dating_session_store store(parts_.store.sessions);
    revocations revoked(store, parts_.session_cache, parts_.clock, 15min);
    store.age = 2s;
    ASSERT_TRUE(run(revoked.load()));
    EXPECT_FALSE(revoked.is_fresh());
    store.age = 500ms;
    ASSERT_TRUE(run(revoked.load()));
    EXPECT_TRUE(revoked.is_fresh());
}

TEST_F(revocations_test, what_an_old_view_may_lack_is_read_afterwards) {
    dating_session_store store(parts_.store.sessions);
    revocations revoked(store, parts_.session_cache, parts_.clock, 15min);
    store.age = 5s;
    ASSERT_TRUE(run(revoked.load()));
    const auto ended = end_elsewhere(30s + 10s + 4s);
    begin_to_follow(revoked);
    const background_thread runner(parts_.background);
    EXPECT_TRUE(eventually([&] { return revoked.contains(ended); }));
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

// As after a full disk, when a commit ends that hung for minutes.
TEST_F(revocations_test, following_finds_what_became_visible_minutes_late) {
    ASSERT_TRUE(run(parts_.revoked.load()));
    begin_to_follow();
    const background_thread runner(parts_.background);
    const auto late = end_elsewhere(5min);
    const auto after = end_elsewhere();
    ASSERT_TRUE(eventually([&] { return parts_.revoked.contains(after); }));
    EXPECT_FALSE(parts_.revoked.contains(late));
    parts_.clock.advance(30s);
    EXPECT_TRUE(eventually([&] { return parts_.revoked.contains(late); }));
}

TEST_F(revocations_test, following_keeps_the_view_fresh) {
    ASSERT_TRUE(run(parts_.revoked.load()));
    EXPECT_TRUE(eventually([&] { return !parts_.revoked.is_fresh(); }));
    begin_to_follow();
    const background_thread runner(parts_.background);
    EXPECT_TRUE(eventually([&] { return parts_.revoked.is_fresh(); }));
}

TEST_F(revocations_test, following_reads_again_what_it_could_not_read) {
    broken_session_store store(parts_.store.sessions, false);
    revocations revoked(store, parts_.session_cache, parts_.clock, 15min);
    ASSERT_TRUE(run(revoked.load()));
    store.set_broken(true);
    const auto ended = end_elsewhere();
    begin_to_follow(revoked);
    const background_thread runner(parts_.background);
    ASSERT_TRUE(eventually([&] { return store.failures() > 0; }));
    EXPECT_FALSE(revoked.contains(ended));
    store.set_broken(false);
    EXPECT_TRUE(eventually([&] { return revoked.contains(ended); }));
}

TEST_F(revocations_test, following_does_not_make_a_view_fresh_that_it_cannot_read) {
    broken_session_store store(parts_.store.sessions, false);
    revocations revoked(store, parts_.session_cache, parts_.clock, 15min);
    ASSERT_TRUE(run(revoked.load()));
    store.set_broken(true);
    end_elsewhere();
    begin_to_follow(revoked);
    const background_thread runner(parts_.background);
    ASSERT_TRUE(eventually([&] { return store.failures() > 0; }));
    EXPECT_TRUE(eventually([&] { return !revoked.is_fresh(); }));
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
    parts_.clock.advance(15min + 30s);  // the token may be from a program whose clock is that much ahead
    EXPECT_TRUE(eventually([&] { return parts_.revoked.is_fresh(); }));
    EXPECT_TRUE(parts_.revoked.contains(ended));
    parts_.clock.advance(30s);
    EXPECT_TRUE(eventually([&] { return !parts_.revoked.contains(ended); }));
}

TEST_F(revocations_test, forgets_the_oldest_first_and_a_bounded_number_at_once) {
    constexpr int many = 3000;
    session_ids older, later;
    for (int i = 0; i < many; ++i) older.push_back(uuid::random());
    for (int i = 0; i < many; ++i) later.push_back(uuid::random());
    run(parts_.revoked.announce(account_, older));
    parts_.clock.advance(1s);
    run(parts_.revoked.announce(account_, later));
    const auto left = [this](const session_ids& ids) {
        return std::ranges::count_if(ids, [this](const uuid& id) { return parts_.revoked.contains(id); });
    };
    parts_.revoked.forget_some();
    EXPECT_EQ(left(older), many);
    parts_.clock.advance(16min);
    parts_.revoked.forget_some();
    EXPECT_LT(left(older), many);
    EXPECT_GT(left(older), 0);
    EXPECT_EQ(left(later), many);
    for (int round = 1; round < many; ++round) parts_.revoked.forget_some();
    EXPECT_EQ(left(older) + left(later), 0);
}

TEST_F(revocations_test, a_session_that_is_announced_again_is_remembered_from_then_on) {
    const auto ended = uuid::random();
    run(parts_.revoked.announce(account_, {ended}));
    parts_.clock.advance(10min);
    run(parts_.revoked.announce(account_, {ended}));
    parts_.clock.advance(10min);
    parts_.revoked.forget_some();
    EXPECT_TRUE(parts_.revoked.contains(ended));
    parts_.clock.advance(10min);
    parts_.revoked.forget_some();
    EXPECT_FALSE(parts_.revoked.contains(ended));
}

}  // namespace
}  // namespace userinfo
