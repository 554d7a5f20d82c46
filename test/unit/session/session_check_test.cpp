#include "session/session_check.h"

#include <functional>

#include "storage/memory/no_session_cache.h"
#include "support/eventually.h"
#include "support/failure_of.h"
#include "support/forwarding_session_store.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

// Does something after each look at a session.
class observed_session_store final : public forwarding_session_store {
public:
    observed_session_store(session_store& next, std::function<void()> looked)
        : forwarding_session_store(next), looked_(std::move(looked)) {}

    task<result<std::optional<session>>> find_live(uuid id, timestamp now) override {
        auto found = co_await forwarding_session_store::find_live(id, now);
        looked_();
        co_return found;
    }

private:
    const std::function<void()> looked_;
};

// Counts the notes of arrivals, and refuses them while `away`.
class noting_session_store final : public forwarding_session_store {
public:
    using forwarding_session_store::forwarding_session_store;

    task<result<bool>> note_arrival(uuid id, std::uint64_t generation) override {
        ++notes;
        if (away) co_return unavailable("The database does not answer.", 1s);
        co_return co_await forwarding_session_store::note_arrival(id, generation);
    }

    int notes = 0;
    bool away = false;
};

class broken_session_store final : public forwarding_session_store {
public:
    using forwarding_session_store::forwarding_session_store;

    task<result<std::optional<session>>> find_live(uuid, timestamp) override {
        co_return unavailable("The database does not answer.", 1s);
    }
};

class session_check_test : public testing::Test {
protected:
    session_check_test() { parts_.register_account(anna); }

    void end_elsewhere(const token_grant& grant) { parts_.end_elsewhere(parts_.owner_of(grant), parts_.clock); }

    result<principal> ask(session_check& check, const token_grant& grant) {
        auto call = parts_.request(grant.access_token);
        return run(check.authenticate(call));
    }

    // A token that is genuine, of a session that the database never had.
    token_grant grant_of_no_session() {
        return parts_.sessions.grant(parts_.sessions.begin(parts_.request(), uuid::random(), transport::bearer));
    }

    void cache_as_live(const token_grant& grant) {
        const auto owner = parts_.owner_of(grant);
        run(parts_.session_cache.put_live(owner.account, owner.session, parts_.clock.now() + 15min));
    }

    service_fixture parts_;
};

TEST_F(session_check_test, tells_the_call_whose_token_it_was) {
    const auto grant = parts_.log_in(anna);
    auto call = parts_.request(grant.access_token);
    ASSERT_TRUE(run(parts_.check.authenticate(call)));
    EXPECT_EQ(call.account, parts_.owner_of(grant).account);
}

TEST_F(session_check_test, takes_no_call_without_a_genuine_token) {
    const auto grant = parts_.log_in(anna);
    auto forged = grant.access_token;
    forged[forged.rfind('.') + 10] ^= 1;
    for (const auto& token : {std::string(), std::string("token"), forged, grant.refresh_token}) {
        auto call = parts_.request(token);
        EXPECT_EQ(failure_of(run(parts_.check.authenticate(call))), errc::invalid_token);
        EXPECT_EQ(call.account, std::nullopt);
    }
    parts_.clock.advance(15min);
    EXPECT_EQ(failure_of(parts_.authenticate(grant.access_token)), errc::token_expired);
}

TEST_F(session_check_test, a_genuine_token_of_no_session_is_refused) {
    EXPECT_EQ(failure_of(parts_.authenticate(grant_of_no_session().access_token)), errc::invalid_token);
}

TEST_F(session_check_test, a_live_entry_is_trusted_while_the_view_of_the_table_is_fresh) {
    const auto grant = grant_of_no_session();
    cache_as_live(grant);
    ASSERT_TRUE(run(parts_.revoked.load()));
    EXPECT_TRUE(parts_.is_accepted(grant));
}

TEST_F(session_check_test, a_live_entry_is_not_trusted_when_the_view_is_stale) {
    const auto grant = parts_.log_in(anna);
    EXPECT_TRUE(parts_.is_accepted(grant));
    cache_as_live(grant);
    end_elsewhere(grant);
    ASSERT_FALSE(parts_.revoked.is_fresh());
    EXPECT_EQ(failure_of(parts_.authenticate(grant.access_token)), errc::invalid_token);
}

TEST_F(session_check_test, the_set_of_the_revoked_is_asked_before_cache_and_database) {
    const auto grant = parts_.log_in(anna);
    const auto owner = parts_.owner_of(grant);
    memory::no_session_cache unsharing;
    revocations revoked(parts_.store.sessions, unsharing, parts_.clock, 15min);
    session_check check(parts_.access, revoked, parts_.session_cache, parts_.store.sessions, parts_.clock);
    ASSERT_TRUE(run(revoked.load()));
    cache_as_live(grant);
    ASSERT_TRUE(ask(check, grant));
    run(revoked.announce(owner.account, {owner.session}));
    ASSERT_TRUE(run(revoked.load()));  // announcing took more than a second
    ASSERT_EQ(run(parts_.session_cache.get(owner.account, owner.session)).state, cached_session::live);
    EXPECT_EQ(failure_of(ask(check, grant)), errc::invalid_token);
}

TEST_F(session_check_test, a_revoked_entry_of_the_cache_is_enough_to_refuse) {
    const auto grant = parts_.log_in(anna);
    const auto owner = parts_.owner_of(grant);
    ASSERT_TRUE(run(parts_.revoked.load()));
    EXPECT_TRUE(parts_.is_accepted(grant));
    run(parts_.session_cache.put_revoked(owner.account, owner.session, parts_.clock.now() + 15min));
    EXPECT_EQ(failure_of(parts_.authenticate(grant.access_token)), errc::invalid_token);
}

TEST_F(session_check_test, asks_the_database_once_and_then_the_cache) {
    const auto grant = parts_.log_in(anna);
    int looks = 0;
    observed_session_store store(parts_.store.sessions, [&looks] { ++looks; });
    session_check check(parts_.access, parts_.revoked, parts_.session_cache, store, parts_.clock);
    ASSERT_TRUE(run(parts_.revoked.load()));
    EXPECT_TRUE(ask(check, grant));
    EXPECT_TRUE(ask(check, grant));
    EXPECT_EQ(looks, 1);
}

TEST_F(session_check_test, a_session_that_ends_while_the_database_is_asked_is_refused) {
    const auto grant = parts_.log_in(anna);
    observed_session_store store(parts_.store.sessions, [&] {
        EXPECT_TRUE(run(parts_.sessions.log_out(parts_.request(), grant.refresh_token)));
    });
    session_check check(parts_.access, parts_.revoked, parts_.session_cache, store, parts_.clock);
    EXPECT_EQ(failure_of(ask(check, grant)), errc::invalid_token);
    ASSERT_TRUE(run(parts_.revoked.load()));
    EXPECT_FALSE(parts_.is_accepted(grant));
}

TEST_F(session_check_test, does_not_guess_when_the_database_does_not_answer) {
    const auto grant = parts_.log_in(anna);
    broken_session_store store(parts_.store.sessions);
    session_check check(parts_.access, parts_.revoked, parts_.session_cache, store, parts_.clock);
    EXPECT_EQ(failure_of(ask(check, grant)), errc::unavailable);
    EXPECT_TRUE(parts_.is_accepted(grant));
}

TEST_F(session_check_test, when_the_database_is_lost_the_setting_says_whether_a_live_entry_is_enough) {
    const auto grant = parts_.log_in(anna);
    cache_as_live(grant);
    ASSERT_FALSE(parts_.revoked.is_fresh());
    broken_session_store store(parts_.store.sessions);
    session_check serving(parts_.access, parts_.revoked, parts_.session_cache, store, parts_.clock,
                          primary_loss::serve);
    EXPECT_TRUE(ask(serving, grant));
    session_check refusing(parts_.access, parts_.revoked, parts_.session_cache, store, parts_.clock,
                           primary_loss::refuse);
    EXPECT_EQ(failure_of(ask(refusing, grant)), errc::unavailable);
}

TEST_F(session_check_test, a_token_that_outlives_the_memory_of_revocations_is_asked_for_again) {
    const auto grant = parts_.log_in(anna);  // for 15 minutes; this program makes them for 2 seconds
    memory::memory_session_cache cache(10, parts_.clock, parts_.figures);
    revocations revoked(parts_.store.sessions, cache, parts_.clock, 2s);
    session_check check(parts_.access, revoked, cache, parts_.store.sessions, parts_.clock);
    ASSERT_TRUE(run(revoked.load()));
    ASSERT_TRUE(ask(check, grant));
    end_elsewhere(grant);
    parts_.clock.advance(revoked.memory() + 1s);
    ASSERT_TRUE(run(revoked.load()));
    EXPECT_EQ(failure_of(ask(check, grant)), errc::invalid_token);
}

class arrivals_test : public session_check_test {
protected:
    arrivals_test() { EXPECT_TRUE(run(parts_.revoked.load())); }

    std::uint64_t arrived() {
        return run(parts_.store.sessions.find_live(parts_.owner_of(first_).session, parts_.clock.now()))
            .value()
            ->arrived;
    }

    const token_grant first_ = parts_.log_in(anna);
    noting_session_store store_{parts_.store.sessions};
    session_check check_{parts_.access, parts_.revoked, parts_.session_cache, store_, parts_.clock};
};

TEST_F(arrivals_test, the_first_request_with_a_new_access_token_is_noted_once) {
    const auto second = parts_.refresh(first_).value();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(ask(check_, second));
    EXPECT_EQ(store_.notes, 1);
    EXPECT_EQ(arrived(), 2u);
    const auto third = parts_.refresh(second).value();
    for (const auto& shown : {second, third, second, third}) EXPECT_TRUE(ask(check_, shown));
    EXPECT_EQ(store_.notes, 2);
    EXPECT_EQ(arrived(), 3u);
}

TEST_F(arrivals_test, the_tokens_of_a_log_in_need_no_note) {
    EXPECT_TRUE(ask(check_, first_));
    EXPECT_EQ(store_.notes, 0);
}

TEST_F(arrivals_test, a_service_that_knows_nothing_learns_from_the_database_what_has_been_noted) {
    const auto second = parts_.refresh(first_).value();
    EXPECT_TRUE(ask(check_, second));
    memory::memory_session_cache empty(10, parts_.clock, parts_.figures);
    session_check restarted(parts_.access, parts_.revoked, empty, store_, parts_.clock);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(ask(restarted, second));
    EXPECT_EQ(store_.notes, 1);
}

TEST_F(arrivals_test, the_call_of_a_gateway_that_has_renewed_is_not_noted) {
    const auto second = parts_.refresh(first_).value();
    auto call = parts_.request(second.access_token);
    call.renewed = true;
    EXPECT_TRUE(run(check_.authenticate(call)));
    EXPECT_EQ(store_.notes, 0);
    EXPECT_TRUE(ask(check_, second));
    EXPECT_EQ(arrived(), 2u);
}

TEST_F(arrivals_test, a_token_that_tells_no_generation_marks_nothing) {
    const auto second = parts_.refresh(first_).value();
    auto claims = *parts_.access.verify_signature(second.access_token).value();
    claims.generation = 0;
    auto call = parts_.request(parts_.access.issue(claims));
    EXPECT_TRUE(run(check_.authenticate(call)));
    EXPECT_EQ(store_.notes, 0);
}

TEST_F(arrivals_test, nobody_is_refused_while_the_database_is_away_and_the_note_is_made_later) {
    const auto second = parts_.refresh(first_).value();
    EXPECT_TRUE(ask(check_, first_));  // the session is cached
    store_.away = true;
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(ask(check_, second));
    EXPECT_EQ(store_.notes, 1) << "it is not asked again and again";
    store_.away = false;
    EXPECT_TRUE(eventually([&] { return ask(check_, second) && arrived() == 2; }));
}

}  // namespace
}  // namespace userinfo
