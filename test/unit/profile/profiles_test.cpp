#include "profile/profiles.h"

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/failure_of.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

profile_input named(const std::string& username) { return {.username = username, .birthday = {}, .avatar = {}}; }

// Counts the looks at the database. The test decides what its replica has, and whether there is a primary.
class counted_profile_store final : public profile_store {
public:
    explicit counted_profile_store(profile_store& next) : next_(next) {}

    task<result<versioned_profile>> find(uuid account) override {
        ++looks;
        if (!has_primary) co_return unavailable("There is no primary.", 1s);
        auto found = co_await next_.find(account);
        if (after_find) std::exchange(after_find, nullptr)();
        co_return found;
    }
    task<result<std::optional<versioned_profile>>> find_on_replica(uuid) override {
        ++replica_looks;
        co_return replica;
    }
    task<result<versioned_profile>> create(uuid account, const profile_changes& changes, timestamp now) override {
        return next_.create(account, changes, now);
    }
    task<result<versioned_profile>> update(uuid account, const profile_changes& changes, write_condition condition,
                                           timestamp now) override {
        return next_.update(account, changes, std::move(condition), now);
    }
    task<result<versioned_profile>> remove(uuid account, write_condition condition, timestamp now) override {
        return next_.remove(account, std::move(condition), now);
    }

    std::atomic<int> looks = 0, replica_looks = 0;
    std::optional<versioned_profile> replica;
    bool has_primary = true;
    std::move_only_function<void()> after_find;

private:
    profile_store& next_;
};

// A cache that loses its connection when the test says so, to all of it or to the part of some accounts.
class failing_profile_cache final : public profile_cache {
public:
    explicit failing_profile_cache(profile_cache& next) : next_(next) {}

    task<bool> put(uuid account, profile_ptr entry) override {
        ++puts;
        offered.insert(account);
        if (fails || failing.contains(account)) co_return false;
        co_return co_await next_.put(account, entry);
    }

    bool fails = false;
    std::set<uuid> failing;
    int puts = 0;
    std::set<uuid> offered;

private:
    profile_cache& next_;
};

class profiles_test : public testing::Test {
protected:
    profile_ptr cached() { return parts_.profile_cache.find(account_); }
    profile_ptr get(std::uint64_t at_least = 0) { return run(profiles_.get(account_, at_least, cached())).value(); }
    profile_ptr create(const std::string& username) { return run(profiles_.create(account_, named(username))).value(); }

    // As another program would.
    versioned_profile rename_elsewhere(const std::string& username) {
        const profile_changes changes{.username = username, .birthday = {}, .avatar = {}};
        return run(parts_.store.profiles.update(account_, changes, {}, parts_.clock.now())).value();
    }

    // The replica stays at the version that the primary has now.
    void hold_replica_back() { store_.replica = run(parts_.store.profiles.find(account_)).value(); }

    // As FLUSHALL does.
    void let_cache_forget() { parts_.clock.advance(2min); }

    double reads_without_primary() {
        const auto text = figures_.text();
        const std::string name = "\nuserinfo_profile_reads_without_primary_total ";
        return std::stod(text.substr(text.find(name) + name.size()));
    }

    // Accounts with a profile that the cache did not take.
    std::vector<uuid> write_without_cache(int count) {
        cache_.fails = true;
        std::vector<uuid> accounts;
        for (int i = 0; i < count; ++i) {
            accounts.push_back(parts_.register_account("p" + std::to_string(i) + "@example.org"));
            EXPECT_TRUE(run(profiles_.create(accounts.back(), named("P"))));
        }
        cache_.fails = false;
        cache_.offered.clear();
        return accounts;
    }

    service_fixture parts_;
    metrics figures_;
    const uuid account_ = parts_.register_account(anna);
    counted_profile_store store_{parts_.store.profiles};
    failing_profile_cache cache_{parts_.profile_cache};
    profiles profiles_{store_, cache_, parts_.clock, figures_};
};

TEST_F(profiles_test, shows_what_was_created) {
    const auto created = run(profiles_.create(
        account_, {.username = "Ame\u0301lie", .birthday = "2000-02-29", .avatar = "https://example.org/a.png"}));
    ASSERT_TRUE(created);
    for (const auto& shown : {*created, get()}) {
        EXPECT_EQ(shown->version, 1u);
        ASSERT_TRUE(shown->value);
        EXPECT_EQ(shown->value->account, account_);
        EXPECT_EQ(shown->value->username, "Am\u00e9lie");
        EXPECT_EQ(shown->value->birthday, date(2000y / 2 / 29));
        EXPECT_EQ(shown->value->avatar, "https://example.org/a.png");
        EXPECT_EQ(shown->value->email, anna);
    }
    EXPECT_EQ(failure_of(run(profiles_.create(account_, named("Anna")))), errc::already_exists);
}

TEST_F(profiles_test, reads_the_database_once_and_then_the_cache) {
    create("Anna");
    parts_.clock.advance(2min);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(get()->value->username, "Anna");
    EXPECT_EQ(store_.looks, 1);
}

TEST_F(profiles_test, remembers_for_a_while_that_there_is_none) {
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(get()->value);
    EXPECT_EQ(store_.looks, 1);
    EXPECT_EQ(create("Anna")->version, 1u);
    EXPECT_EQ(get()->value->username, "Anna");
}

TEST_F(profiles_test, many_readers_share_one_look_at_the_database) {
    create("Anna");
    parts_.clock.advance(2min);
    std::vector<task<result<profile_ptr>>> readers;
    for (int i = 0; i < 50; ++i) readers.push_back(profiles_.get(account_, 0, cached()));
    for (const auto& shown : run_together(std::move(readers), 1)) EXPECT_EQ((*shown)->value->username, "Anna");
    EXPECT_EQ(store_.looks, 1);
}

TEST_F(profiles_test, shows_its_owner_nothing_older_than_was_seen) {
    create("Anna");
    EXPECT_EQ(rename_elsewhere("Berta").version, 2u);
    EXPECT_EQ(get()->value->username, "Anna");
    EXPECT_EQ(get(1)->value->username, "Anna");
    EXPECT_EQ(get(2)->value->username, "Berta");
    EXPECT_EQ(get()->value->username, "Berta");
}

TEST_F(profiles_test, shows_the_latest_to_one_who_has_seen_a_version_that_never_was) {
    create("Anna");
    EXPECT_EQ(get()->version, 1u);
    EXPECT_EQ(store_.looks, 0);
    EXPECT_EQ(get(99)->version, 1u);
    EXPECT_EQ(store_.replica_looks, 1);
    EXPECT_EQ(store_.looks, 1);
}

TEST_F(profiles_test, what_the_cache_has_forgotten_comes_from_the_primary_and_not_from_a_replica_that_lags) {
    create("Anna");
    hold_replica_back();
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    EXPECT_EQ(get()->value->username, "Berta");
    let_cache_forget();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(get()->value->username, "Berta");
    EXPECT_EQ(store_.replica_looks, 0);
    EXPECT_EQ(store_.looks, 1);
}

TEST_F(profiles_test, a_replica_answers_a_reader_whose_version_it_has_and_its_answer_is_not_cached) {
    create("Anna");
    hold_replica_back();
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    let_cache_forget();
    EXPECT_EQ(get(1)->value->username, "Anna");
    EXPECT_EQ(store_.looks, 0);
    EXPECT_EQ(cached(), nullptr);
    EXPECT_EQ(get()->value->username, "Berta");
}

TEST_F(profiles_test, a_replica_does_not_answer_a_reader_whose_version_it_lacks) {
    create("Anna");
    hold_replica_back();
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    let_cache_forget();
    EXPECT_EQ(get(2)->value->username, "Berta");
    EXPECT_EQ(store_.replica_looks, 1);
    EXPECT_EQ(cached()->version, 2u);
}

TEST_F(profiles_test, a_profile_that_is_read_often_gets_its_place_in_the_cache) {
    create("Anna");
    hold_replica_back();
    let_cache_forget();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(get(1)->value->username, "Anna");
    EXPECT_EQ(store_.replica_looks, 1);
    EXPECT_EQ(store_.looks, 1);
    let_cache_forget();
    EXPECT_EQ(get(1)->value->username, "Anna");
    EXPECT_EQ(store_.replica_looks, 2);
}

TEST_F(profiles_test, a_replica_that_gave_no_answer_is_asked_again) {
    create("Anna");
    for (int i = 0; i < 2; ++i) EXPECT_EQ(run(profiles_.get(account_, 1, nullptr)).value()->version, 1u);
    EXPECT_EQ(store_.replica_looks, 2);
    EXPECT_EQ(store_.looks, 2);
    hold_replica_back();
    EXPECT_EQ(run(profiles_.get(account_, 1, nullptr)).value()->version, 1u);
    EXPECT_EQ(store_.replica_looks, 3);
    EXPECT_EQ(store_.looks, 2);
}

TEST_F(profiles_test, readers_that_are_answered_together_each_see_what_they_have_seen) {
    create("Anna");
    hold_replica_back();
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    let_cache_forget();
    std::vector<task<result<profile_ptr>>> readers;
    for (std::uint64_t at_least : {1, 2, 1, 2, 0}) readers.push_back(profiles_.get(account_, at_least, nullptr));
    const auto shown = run_together(std::move(readers), 1);
    EXPECT_GE((*shown[0])->version, 1u);
    EXPECT_EQ((*shown[1])->version, 2u);
    EXPECT_EQ((*shown[3])->version, 2u);
    EXPECT_EQ((*shown[4])->version, 2u);
}

TEST_F(profiles_test, without_a_primary_a_replica_answers_and_those_who_bring_no_version_are_counted) {
    create("Anna");
    hold_replica_back();
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    let_cache_forget();
    store_.has_primary = false;
    EXPECT_EQ(get()->value->username, "Anna");
    EXPECT_EQ(cached(), nullptr);
    EXPECT_EQ(reads_without_primary(), 1);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(get(1)->value->username, "Anna");
    EXPECT_EQ(failure_of(run(profiles_.get(account_, 2, nullptr))), errc::unavailable);
    EXPECT_EQ(reads_without_primary(), 1);
    store_.has_primary = true;
    EXPECT_EQ(get()->value->username, "Berta");
}

TEST_F(profiles_test, without_a_primary_nobody_is_shown_less_than_this_program_wrote_and_could_not_cache) {
    create("Anna");
    hold_replica_back();
    cache_.fails = true;
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    store_.has_primary = false;
    EXPECT_EQ(failure_of(run(profiles_.get(account_, 0, cached()))), errc::unavailable);
}

TEST_F(profiles_test, what_was_read_long_ago_does_not_enter_the_cache) {
    create("Anna");
    let_cache_forget();
    // The program is stopped on the way, while others write, and the cache forgets what they wrote.
    store_.after_find = [this] {
        rename_elsewhere("Berta");
        parts_.clock.advance(2s);
    };
    EXPECT_EQ(get()->value->username, "Anna");
    EXPECT_EQ(cached(), nullptr);
    EXPECT_EQ(get()->value->username, "Berta");
    EXPECT_EQ(cached()->version, 2u);
}

TEST_F(profiles_test, the_cache_never_goes_backwards) {
    const auto older = create("Anna");
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    run(parts_.profile_cache.put(account_, older));
    EXPECT_EQ(get()->value->username, "Berta");
}

TEST_F(profiles_test, versions_go_on_across_delete_and_create) {
    EXPECT_EQ(create("Anna")->version, 1u);
    EXPECT_EQ(run(profiles_.update(account_, named("Berta"), {})).value()->version, 2u);
    const auto removed = run(profiles_.remove(account_, {})).value();
    EXPECT_EQ(removed->version, 3u);
    EXPECT_FALSE(removed->value);
    EXPECT_FALSE(get()->value);
    EXPECT_EQ(failure_of(run(profiles_.remove(account_, {}))), errc::not_found);
    EXPECT_EQ(create("Clara")->version, 4u);
    EXPECT_EQ(get()->value->username, "Clara");
    EXPECT_EQ(get()->value->birthday, std::nullopt);
}

TEST_F(profiles_test, a_write_may_ask_for_the_version_it_was_made_from) {
    const auto at = [](std::uint64_t version) { return write_condition{.if_versions = {version}}; };
    create("Anna");
    EXPECT_EQ(failure_of(run(profiles_.update(account_, named("Berta"), at(2)))), errc::version_mismatch);
    EXPECT_EQ(failure_of(run(profiles_.remove(account_, at(0)))), errc::version_mismatch);
    EXPECT_EQ(get()->value->username, "Anna");
    EXPECT_EQ(run(profiles_.update(account_, named("Berta"), at(1))).value()->version, 2u);
    EXPECT_EQ(failure_of(run(profiles_.update(account_, named("Clara"), at(1)))), errc::version_mismatch);
    EXPECT_EQ(run(profiles_.remove(account_, at(2))).value()->version, 3u);
}

TEST_F(profiles_test, an_update_changes_what_was_sent_and_nothing_else) {
    ASSERT_TRUE(run(profiles_.create(
        account_, {.username = "Anna", .birthday = "2000-01-01", .avatar = "https://example.org/a.png"})));
    ASSERT_TRUE(run(profiles_.update(account_, {.username = {}, .birthday = "", .avatar = {}}, {})));
    EXPECT_EQ(get()->value->username, "Anna");
    EXPECT_EQ(get()->value->birthday, std::nullopt);
    EXPECT_EQ(get()->value->avatar, "https://example.org/a.png");
}

TEST_F(profiles_test, a_version_that_never_was_is_looked_for_once_a_second) {
    create("Anna");
    EXPECT_EQ(get(99)->version, 1u);
    const int looks = store_.looks;
    for (int i = 0; i < 10; ++i) EXPECT_EQ(get(99)->version, 1u);
    EXPECT_EQ(store_.looks, looks);
    parts_.clock.advance(1s);
    EXPECT_EQ(get(99)->version, 1u);
    EXPECT_GT(store_.looks, looks);
}

TEST_F(profiles_test, a_clock_that_was_set_back_does_not_lengthen_that_second) {
    create("Anna");
    EXPECT_EQ(get(7)->version, 1u);
    const auto before = store_.looks.load();
    get(7);
    EXPECT_EQ(store_.looks, before);
    parts_.clock.advance(-1us);
    get(7);
    EXPECT_GT(store_.looks, before);
}

TEST_F(profiles_test, claiming_too_much_does_not_hide_what_was_really_written) {
    create("Anna");
    EXPECT_EQ(get(99)->version, 1u);
    rename_elsewhere("Berta");
    EXPECT_EQ(get(2)->value->username, "Berta");
}

TEST_F(profiles_test, a_write_that_the_cache_lost_is_seen_at_once) {
    create("Anna");
    cache_.fails = true;
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    EXPECT_EQ(cached()->value->username, "Anna");
    for (int i = 0; i < 2; ++i) EXPECT_EQ(get()->value->username, "Berta");
    EXPECT_EQ(store_.looks, 2);
}

TEST_F(profiles_test, a_write_that_the_cache_lost_is_given_to_it_again) {
    create("Anna");
    cache_.fails = true;
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    run(profiles_.retry_once());
    EXPECT_EQ(cached()->version, 1u);
    cache_.fails = false;
    run(profiles_.retry_once());
    EXPECT_EQ(cached()->version, 2u);
    EXPECT_EQ(get()->value->username, "Berta");
    EXPECT_EQ(store_.looks, 2);  // one for each round
    const int puts = cache_.puts;
    run(profiles_.retry_once());
    EXPECT_EQ(cache_.puts, puts);
}

TEST_F(profiles_test, writes_that_fail_again_do_not_keep_others_from_the_cache) {
    const auto accounts = write_without_cache(12);
    cache_.failing = {accounts.begin(), accounts.end()};
    run(profiles_.retry_once());
    EXPECT_EQ(cache_.offered.size(), 10u) << "a round ends when ten have failed";
    const auto waiting =
        *std::ranges::find_if_not(accounts, [&](const uuid& each) { return cache_.offered.contains(each); });
    cache_.failing.erase(waiting);
    run(profiles_.retry_once());
    ASSERT_TRUE(parts_.profile_cache.find(waiting));
    EXPECT_EQ(parts_.profile_cache.find(waiting)->version, 1u);
    EXPECT_EQ(cache_.offered, std::set(accounts.begin(), accounts.end()));
}

TEST_F(profiles_test, a_round_of_retries_ends_and_the_next_one_goes_on_behind_it) {
    write_without_cache(501);
    run(profiles_.retry_once());
    EXPECT_EQ(cache_.offered.size(), 500u);
    run(profiles_.retry_once());
    EXPECT_EQ(cache_.offered.size(), 501u);
}

TEST_F(profiles_test, a_write_that_the_cache_lost_does_not_take_the_place_of_a_later_one) {
    create("Anna");
    cache_.fails = true;
    ASSERT_TRUE(run(profiles_.update(account_, named("Berta"), {})));
    rename_elsewhere("Clara");
    let_cache_forget();
    cache_.fails = false;
    run(profiles_.retry_once());
    EXPECT_EQ(get()->value->username, "Clara");
}

TEST_F(profiles_test, a_read_that_fills_the_cache_ends_the_doubt_too) {
    create("Anna");
    cache_.fails = true;
    ASSERT_TRUE(run(profiles_.remove(account_, {})));
    cache_.fails = false;
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(get()->value);
    EXPECT_EQ(store_.looks, 1);
}

TEST_F(profiles_test, a_fill_that_the_cache_lost_makes_nobody_doubt_it) {
    create("Anna");
    parts_.clock.advance(2min);
    cache_.fails = true;
    EXPECT_EQ(get()->value->username, "Anna");
    cache_.fails = false;
    run(profiles_.retry_once());
    EXPECT_EQ(cache_.puts, 2);  // of the create, and of the read
}

TEST_F(profiles_test, what_breaks_a_rule_changes_nothing) {
    EXPECT_EQ(failure_of(run(profiles_.create(account_, named(" ")))), errc::invalid_argument);
    EXPECT_FALSE(get()->value);
    EXPECT_EQ(failure_of(run(profiles_.update(account_, named("Anna"), {}))), errc::not_found);
    create("Anna");
    EXPECT_EQ(failure_of(run(profiles_.update(account_, named(""), {}))), errc::invalid_argument);
    EXPECT_EQ(get()->version, 1u);
}

TEST_F(profiles_test, today_is_a_birthday_and_tomorrow_is_not) {
    parts_.clock.set(timestamp(std::chrono::sys_days(2030y / 3 / 15)) + 24h - 1us);
    const profile_input tomorrow{.username = "Anna", .birthday = "2030-03-16", .avatar = {}};
    EXPECT_EQ(failure_of(run(profiles_.create(account_, tomorrow))), errc::invalid_argument);
    parts_.clock.advance(1us);
    EXPECT_TRUE(run(profiles_.create(account_, tomorrow)));
}

}  // namespace
}  // namespace userinfo
