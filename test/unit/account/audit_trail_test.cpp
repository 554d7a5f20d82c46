// Linking, retention and verification together, over a database that the tests also tamper with.
#include "audit/audit_retention.h"
#include "audit/audit_verification.h"
#include "base/spawn.h"
#include "support/background_thread.h"
#include "support/eventually.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

// Its database does not answer the first question for events.
class failing_audit_store final : public audit_store {
public:
    explicit failing_audit_store(audit_store& next) : next_(next) {}

    task<result<std::vector<stored_audit_event>>> list(audit_filter filter, audit_position after,
                                                       std::size_t limit) override {
        return next_.list(std::move(filter), after, limit);
    }
    task<result<std::vector<stored_audit_event>>> list_by_id(audit_filter filter, std::int64_t after,
                                                             std::size_t limit) override {
        return next_.list_by_id(std::move(filter), after, limit);
    }
    task<result<std::int64_t>> newest_id() override { return next_.newest_id(); }
    task<result<bool>> has_news(std::uint64_t head, std::int64_t after) override { return next_.has_news(head, after); }
    task<result<audit_chain_ends>> chain_ends(std::uint64_t known) override { return next_.chain_ends(known); }
    task<result<audit_chain_page>> chain(std::uint64_t after, std::size_t limit) override {
        return next_.chain(after, limit);
    }
    task<result<std::vector<stored_audit_event>>> next_unlinked(std::int64_t after, std::size_t limit) override {
        if (!std::exchange(failed_, true)) co_return unavailable("The database does not answer.", 1s);
        co_return co_await next_.next_unlinked(after, limit);
    }
    task<result<unlinked_audit_events>> count_unlinked() override { return next_.count_unlinked(); }
    task<result<bool>> append(const std::optional<audit_link>& head, const std::vector<audit_link>& links,
                              const std::vector<stored_audit_event>& events) override {
        return next_.append(head, links, events);
    }
    task<result<bool>> purge(const audit_link& last, const std::string& anchor) override {
        return next_.purge(last, anchor);
    }
    task<result<void>> purge_unlinked(timestamp before) override { return next_.purge_unlinked(before); }
    task<result<void>> drop_addresses(timestamp from, timestamp before) override {
        return next_.drop_addresses(from, before);
    }

private:
    audit_store& next_;
    bool failed_ = false;
};

class audit_trail_test : public testing::Test {
protected:
    audit_trail_test() {
        parts_.register_account(anna);
        for (int i = 0; i < 5; ++i) parts_.log_in(anna);
    }

    void link() { EXPECT_TRUE(run(parts_.linker.link_pending())); }

    audit_report verify(const std::optional<audit_head>& noted = {}) {
        auto report = run(verify_audit_trail(parts_.store.audit, parts_.chain, parts_.clock.now(), noted));
        EXPECT_TRUE(report);
        return std::move(*report);
    }

    void tamper(sql::statement sql) {
        sql::sqlite_connection db(parts_.file, sql::sqlite_connection::access::write);
        db.execute(sql);
    }

    std::uint64_t count(sql::statement sql) {
        sql::sqlite_connection db(parts_.file, sql::sqlite_connection::access::read);
        return db.query_one(sql)->count(0);
    }

    std::uint64_t events() { return count("SELECT COUNT(*) FROM audit_event"); }
    std::uint64_t addresses() { return count("SELECT COUNT(*) FROM audit_event WHERE address <> ''"); }
    bool alarm() { return parts_.figures.text().contains("\nuserinfo_audit_chain_broken 1\n"); }

    void retain(audit_retention_settings settings = {}) {
        audit_retention retention(settings, parts_.store.audit, parts_.chain, parts_.alarm, parts_.clock);
        EXPECT_TRUE(run(retention.apply()));
    }

    service_fixture parts_;
};

TEST_F(audit_trail_test, an_event_that_is_just_written_is_counted_as_not_linked_yet) {
    const auto report = verify();
    EXPECT_EQ(report.wrong, std::nullopt);
    EXPECT_EQ(report.unlinked, events());
    EXPECT_FALSE(report.head);
}

TEST_F(audit_trail_test, all_events_are_right_once_they_are_linked) {
    link();
    const auto report = verify();
    EXPECT_EQ(report.wrong, std::nullopt);
    EXPECT_EQ(report.events, events());
    EXPECT_EQ(report.unlinked, 0u);
    EXPECT_EQ(report.head->place, events());
    EXPECT_EQ(report.last, parts_.clock.now());
}

TEST_F(audit_trail_test, an_event_without_a_place_is_wrong_after_a_minute) {
    parts_.clock.advance(1min);
    EXPECT_EQ(verify().wrong, std::nullopt);
    parts_.clock.advance(1us);
    EXPECT_TRUE(verify().wrong);
    link();
    EXPECT_EQ(verify().wrong, std::nullopt);
}

TEST_F(audit_trail_test, several_linkers_make_one_chain) {
    audit_linker second(parts_.store.audit, parts_.chain, parts_.alarm);
    for (int round = 0; round < 5; ++round) {
        parts_.log_in(anna);
        std::vector<task<result<void>>> both;
        both.push_back(parts_.linker.link_pending());
        both.push_back(second.link_pending());
        for (const auto& outcome : run_together(std::move(both))) EXPECT_TRUE(outcome);
    }
    link();
    const auto report = verify();
    EXPECT_EQ(report.wrong, std::nullopt);
    EXPECT_EQ(report.events, events());
    EXPECT_FALSE(alarm());
}

TEST_F(audit_trail_test, a_linker_that_runs_links_what_comes) {
    spawn(parts_.background.get_executor(), "audit linker", parts_.linker.run());
    const background_thread runner(parts_.background);
    EXPECT_TRUE(eventually([&] { return verify().events == events(); }));
    parts_.log_in(anna);
    EXPECT_TRUE(eventually([&] { return verify().events == events(); }));
}

TEST_F(audit_trail_test, a_linker_that_runs_repeats_a_round_that_failed) {
    failing_audit_store store(parts_.store.audit);
    audit_linker linker(store, parts_.chain, parts_.alarm);
    spawn(parts_.background.get_executor(), "audit linker", linker.run());
    const background_thread runner(parts_.background);
    EXPECT_TRUE(eventually([&] { return verify().events == events(); }));
}

TEST_F(audit_trail_test, an_event_that_appears_late_gets_its_place_behind_the_head) {
    tamper("UPDATE audit_event SET id = id + 100 WHERE id > 3");
    link();
    tamper(
        "INSERT INTO audit_event (id, occurred_at, type, succeeded, reason, actor, session, address, user_agent, "
        "request_id) VALUES (50, 1, 'log_in', 1, '', '', '', '', '', '')");
    link();
    EXPECT_EQ(count("SELECT place FROM audit_chain WHERE event_id = 50"), events());
    EXPECT_EQ(verify().wrong, std::nullopt);
}

TEST_F(audit_trail_test, a_head_that_was_noted_down_must_still_be_there) {
    link();
    const auto head = *verify().head;
    parts_.log_in(anna);
    link();
    EXPECT_EQ(verify(head).wrong, std::nullopt);
    EXPECT_TRUE(verify(audit_head{.place = head.place, .mac = std::string(32, 'x')}).wrong);
    EXPECT_TRUE(verify(audit_head{.place = head.place + 2, .mac = head.mac}).wrong);
}

TEST_F(audit_trail_test, a_linker_misses_the_head_that_it_wrote_and_links_nothing_behind_a_cut) {
    link();
    EXPECT_FALSE(alarm());
    tamper("DELETE FROM audit_chain WHERE place > 2");
    link();
    EXPECT_TRUE(alarm());
    EXPECT_EQ(verify().events, 2u);
}

TEST_F(audit_trail_test, a_linker_misses_the_head_that_was_made_another) {
    link();
    tamper("UPDATE audit_chain SET mac = zeroblob(32) WHERE place = (SELECT MAX(place) FROM audit_chain)");
    link();
    EXPECT_TRUE(alarm());
}

TEST_F(audit_trail_test, a_linker_does_not_take_a_forged_anchor_for_a_purge) {
    link();
    tamper("DELETE FROM audit_chain WHERE place < (SELECT MAX(place) FROM audit_chain)");
    tamper("UPDATE audit_chain SET place = place + 100, event_id = NULL, salt = NULL, anchor = mac");
    link();
    EXPECT_TRUE(alarm());
}

TEST_F(audit_trail_test, a_place_below_the_first_one_hides_no_event) {
    link();
    tamper("UPDATE audit_chain SET place = -1 WHERE place = (SELECT MAX(place) FROM audit_chain)");
    parts_.clock.advance(2min);
    EXPECT_TRUE(verify().wrong);
}

TEST_F(audit_trail_test, addresses_are_dropped_after_their_time_and_the_chain_stays_right) {
    link();
    const auto before = addresses();
    parts_.clock.advance(std::chrono::days(90));
    retain();
    EXPECT_EQ(addresses(), before);
    parts_.log_in(anna);
    parts_.clock.advance(1us);
    retain();
    EXPECT_EQ(addresses(), 1u);
    EXPECT_EQ(count("SELECT COUNT(*) FROM audit_event WHERE user_agent <> ''"), 1u);
    EXPECT_EQ(count("SELECT COUNT(*) FROM audit_chain c JOIN audit_event e ON e.id = c.event_id "
                    "WHERE e.address = '' AND c.salt IS NOT NULL AND e.actor <> 'userinfo'"),
              0u);
    link();
    EXPECT_EQ(verify().wrong, std::nullopt);
    EXPECT_EQ(verify().events, events());
}

TEST_F(audit_trail_test, the_address_of_an_event_that_appears_up_to_an_hour_late_is_dropped_too) {
    audit_retention retention({}, parts_.store.audit, parts_.chain, parts_.alarm, parts_.clock);
    parts_.clock.advance(std::chrono::days(90) + 1h);
    EXPECT_TRUE(run(retention.apply()));
    ASSERT_EQ(addresses(), 0u);
    tamper("UPDATE audit_event SET address = '192.0.2.7' WHERE id = 1");  // as if it had not been seen before
    EXPECT_TRUE(run(retention.apply()));
    EXPECT_EQ(addresses(), 0u);
}

TEST_F(audit_trail_test, addresses_that_were_never_linked_are_dropped_too) {
    parts_.clock.advance(std::chrono::days(91));
    retain();
    EXPECT_EQ(addresses(), 0u);
    link();
    EXPECT_EQ(verify().wrong, std::nullopt);
}

TEST_F(audit_trail_test, events_are_purged_after_their_time_and_the_rest_stays_right) {
    link();
    const auto head = *verify().head;
    parts_.clock.advance(std::chrono::days(400));
    retain();
    EXPECT_EQ(verify().events, head.place);
    parts_.log_in(anna);
    link();
    parts_.clock.advance(1us);
    retain();
    EXPECT_EQ(events(), 1u);
    EXPECT_EQ(count("SELECT COUNT(*) FROM audit_chain"), 2u);
    auto report = verify();
    EXPECT_EQ(report.wrong, std::nullopt);
    EXPECT_EQ(report.events, 1u);
    EXPECT_EQ(verify(head).wrong, std::nullopt);
    EXPECT_EQ(verify(audit_head{.place = 1, .mac = head.mac}).wrong,
              "place 1: it was purged, so that the head cannot be compared");
    parts_.log_in(anna);
    link();
    EXPECT_EQ(verify().events, 2u);
    EXPECT_FALSE(alarm());
}

TEST_F(audit_trail_test, all_may_be_purged_and_the_chain_goes_on) {
    link();
    const auto head = *verify().head;
    parts_.clock.advance(std::chrono::days(401));
    retain();
    EXPECT_EQ(events(), 0u);
    EXPECT_EQ(verify().wrong, std::nullopt);
    EXPECT_EQ(verify().head->mac, head.mac);
    parts_.log_in(anna);
    link();
    EXPECT_EQ(verify().head->place, head.place + 1);
    EXPECT_EQ(verify().wrong, std::nullopt);
}

TEST_F(audit_trail_test, a_linker_takes_a_purge_by_another_program_as_no_cut) {
    link();
    audit_linker other(parts_.store.audit, parts_.chain, parts_.alarm);
    parts_.log_in(anna);
    EXPECT_TRUE(run(other.link_pending()));
    parts_.clock.advance(std::chrono::days(401));
    retain();
    parts_.log_in(anna);
    link();
    EXPECT_FALSE(alarm());
    EXPECT_EQ(verify().events, 1u);
}

TEST_F(audit_trail_test, a_beginning_that_was_cut_off_by_hand_is_noticed) {
    link();
    tamper("DELETE FROM audit_event WHERE id <= 3");
    tamper("DELETE FROM audit_chain WHERE place < 3");
    EXPECT_EQ(verify().wrong, "place 3: what comes before it is missing");
    tamper("UPDATE audit_chain SET event_id = NULL, salt = NULL, anchor = mac WHERE place = 3");
    EXPECT_TRUE(verify().wrong->starts_with("place 3: "));
}

TEST_F(audit_trail_test, nothing_is_purged_from_a_wrong_place_on) {
    link();
    tamper("UPDATE audit_event SET succeeded = 0 WHERE id = 4");
    parts_.clock.advance(std::chrono::days(401));
    const auto before = events();
    retain();
    EXPECT_TRUE(alarm());
    EXPECT_EQ(events(), before);
    EXPECT_TRUE(verify().wrong->starts_with("place 4: "));
    EXPECT_EQ(addresses(), 0u);
}

TEST_F(audit_trail_test, events_that_never_got_a_place_are_purged_as_well) {
    parts_.clock.advance(std::chrono::days(401));
    retain();
    EXPECT_EQ(events(), 0u);
}

}  // namespace
}  // namespace userinfo
