#include "storage/sql/mysql/mysql_topology.h"

#include <string>

#include <gtest/gtest.h>

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;
using hosts = std::vector<std::size_t>;

class mysql_topology_test : public testing::Test {
protected:
    // `written` counts what a server has written or applied.
    void primary(std::size_t host, std::int64_t epoch, int written) { say(host, true, epoch, written); }
    void replica(std::size_t host, std::int64_t epoch, int written) { say(host, false, epoch, written); }
    void silence(std::size_t host) { topology_.note(host, std::nullopt, now_); }

    void say(std::size_t host, bool writable, std::int64_t epoch, int written) {
        const auto position = gtid_position::parse("0-1-" + std::to_string(written)).value();
        topology_.note(host, host_probe{.writable = writable, .epoch = epoch, .position = position}, now_);
    }

    mysql_topology topology_{3, {}};
    mysql_topology::time_point now_ = mysql_topology::time_point(100s);
};

TEST_F(mysql_topology_test, knows_nobody_before_somebody_spoke) {
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    EXPECT_EQ(topology_.replica(now_), std::nullopt);
    replica(1, 1, 10);
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    EXPECT_EQ(topology_.replica(now_), 1u);
}

TEST_F(mysql_topology_test, a_primary_is_replicated_as_long_as_it_says_so) {
    topology_.note(0, host_probe{.writable = true, .replicated = false, .epoch = 1, .position = {}}, now_);
    EXPECT_EQ(topology_.primary(now_), 0u);
    EXPECT_EQ(topology_.replicated_primary(now_), std::nullopt);
    topology_.note(0, host_probe{.writable = true, .replicated = true, .epoch = 1, .position = {}}, now_);
    EXPECT_EQ(topology_.replicated_primary(now_), 0u);
}

TEST_F(mysql_topology_test, a_primary_whose_commits_hang_stays_the_primary_and_takes_no_writes) {
    for (const auto commits : {commit_health::hung, commit_health::no_room}) {
        topology_.note(0, host_probe{.writable = true, .commits = commits, .epoch = 1, .position = {}}, now_);
        EXPECT_EQ(topology_.primary(now_), 0u);
        EXPECT_EQ(topology_.writable_primary(now_), std::nullopt);
        EXPECT_EQ(topology_.commits(now_), commits);
        EXPECT_EQ(topology_.set_aside(now_), hosts());
    }
    primary(0, 1, 1);
    EXPECT_EQ(topology_.writable_primary(now_), 0u);
    silence(0);
    EXPECT_EQ(topology_.writable_primary(now_), std::nullopt);
    EXPECT_EQ(topology_.commits(now_), commit_health::good);
}

TEST_F(mysql_topology_test, the_writable_one_takes_writes_and_a_replica_reads) {
    primary(0, 1, 10);
    replica(1, 1, 10);
    EXPECT_EQ(topology_.primary(now_), 0u);
    EXPECT_EQ(topology_.replica(now_), 1u);
    EXPECT_EQ(topology_.set_aside(now_), hosts());
}

TEST_F(mysql_topology_test, a_former_primary_that_comes_back_takes_no_write) {
    primary(0, 1, 10);
    replica(1, 1, 10);
    silence(0);
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    primary(1, 2, 10);
    EXPECT_EQ(topology_.primary(now_), 1u);
    primary(0, 1, 11);
    EXPECT_EQ(topology_.primary(now_), 1u);
    EXPECT_EQ(topology_.set_aside(now_), hosts{0});
    EXPECT_EQ(topology_.replica(now_), std::nullopt);
}

TEST_F(mysql_topology_test, a_primary_that_was_silent_is_believed_when_every_other_server_was_asked_since) {
    primary(0, 1, 10);
    replica(1, 1, 10);
    replica(2, 1, 10);
    silence(0);
    now_ += 1s;
    primary(0, 1, 10);
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    EXPECT_EQ(topology_.set_aside(now_), hosts());
    now_ += 1ms;
    replica(1, 1, 10);
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    silence(2);
    EXPECT_EQ(topology_.primary(now_), 0u);

    now_ += 3s;  // its report is too old
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    primary(0, 1, 11);
    silence(2);
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    primary(1, 2, 10);
    EXPECT_EQ(topology_.primary(now_), 1u);
    EXPECT_EQ(topology_.set_aside(now_), hosts{0});
}

TEST_F(mysql_topology_test, an_epoch_that_only_a_replica_has_seen_keeps_a_former_primary_from_writes) {
    replica(1, 2, 10);
    primary(0, 1, 10);
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    EXPECT_EQ(topology_.set_aside(now_), hosts{0});
}

TEST_F(mysql_topology_test, of_two_that_claim_the_same_epoch_the_known_one_stays) {
    primary(0, 1, 10);
    primary(1, 1, 10);
    EXPECT_EQ(topology_.primary(now_), 0u);
    EXPECT_EQ(topology_.set_aside(now_), hosts{1});
}

TEST_F(mysql_topology_test, another_of_the_same_epoch_does_not_take_the_place_of_one_that_is_silent) {
    primary(0, 1, 10);
    primary(1, 1, 10);
    silence(0);
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    EXPECT_EQ(topology_.set_aside(now_), hosts{1});
    primary(1, 2, 10);
    EXPECT_EQ(topology_.primary(now_), 1u);
}

TEST_F(mysql_topology_test, what_was_said_long_ago_says_nothing) {
    primary(0, 1, 10);
    replica(1, 1, 10);
    now_ += 2s;
    EXPECT_EQ(topology_.primary(now_), 0u);
    now_ += 1ms;
    EXPECT_EQ(topology_.primary(now_), std::nullopt);
    EXPECT_EQ(topology_.replica(now_), std::nullopt);
    EXPECT_EQ(topology_.lag(1, now_), std::nullopt);
}

TEST_F(mysql_topology_test, a_replica_with_the_last_write_has_no_lag_however_long_ago_that_was) {
    primary(0, 1, 10);
    now_ += 1h;
    primary(0, 1, 10);
    replica(1, 1, 10);
    EXPECT_EQ(topology_.lag(1, now_), 0s);
    replica(1, 1, 11);  // ahead of what we have seen
    EXPECT_EQ(topology_.lag(1, now_), 0s);
}

TEST_F(mysql_topology_test, the_lag_counts_from_the_first_write_that_is_missing) {
    primary(0, 1, 10);
    now_ += 1s;
    primary(0, 1, 12);
    now_ += 1s;
    primary(0, 1, 14);
    replica(1, 1, 11);
    EXPECT_EQ(topology_.lag(1, now_), 1s);
    replica(1, 1, 9);
    EXPECT_EQ(topology_.lag(1, now_), 2s);
    replica(1, 1, 13);
    EXPECT_EQ(topology_.lag(1, now_), 0s);
}

TEST_F(mysql_topology_test, reads_go_to_the_replica_that_is_least_behind_and_within_the_limit) {
    primary(0, 1, 10);
    for (int second = 1; second <= 5; ++second) {
        now_ += 1s;
        primary(0, 1, 10 + second);
    }
    replica(1, 1, 12);  // 2 s
    replica(2, 1, 13);  // 1 s
    EXPECT_EQ(topology_.replica(now_), 2u);
    replica(2, 1, 9);
    EXPECT_EQ(topology_.replica(now_), 1u);
    replica(1, 1, 9);  // 5 s
    EXPECT_EQ(topology_.replica(now_), std::nullopt);
}

TEST_F(mysql_topology_test, a_read_only_server_of_an_older_epoch_takes_no_reads_however_much_it_has) {
    primary(1, 2, 10);
    replica(2, 2, 10);
    replica(0, 1, 99);
    EXPECT_EQ(topology_.replica(now_), 2u);
    silence(2);
    EXPECT_EQ(topology_.replica(now_), std::nullopt);
    replica(0, 2, 10);
    EXPECT_EQ(topology_.replica(now_), 0u);
}

TEST_F(mysql_topology_test, knows_all_once_each_has_answered_or_not) {
    primary(0, 1, 10);
    silence(1);
    EXPECT_FALSE(topology_.knows_all());
    silence(2);
    EXPECT_TRUE(topology_.knows_all());
}

TEST_F(mysql_topology_test, writes_of_a_former_primary_are_forgotten_at_a_new_epoch) {
    primary(0, 1, 50);
    replica(2, 1, 49);
    primary(1, 2, 49);
    now_ += 1s;
    EXPECT_EQ(topology_.lag(2, now_), 0s);
    primary(1, 2, 51);
    EXPECT_EQ(topology_.lag(2, now_ + 1s), 1s);
}

// Asks a primary each 500 ms; it answers 100 ms later.
class unchanged_primary_test : public testing::Test {
protected:
    void say(std::size_t host, const host_probe& probe) {
        const auto asked = now_;
        now_ += 100ms;
        auto said = probe;
        said.asked = asked;
        topology_.note(host, said, now_);
        now_ += 400ms;
    }

    static host_probe at(std::string_view position) {
        return {.writable = true, .epoch = 1, .position = gtid_position::parse(position).value()};
    }

    void stay(const host_probe& probe, mysql_topology::duration time) {
        for (const auto end = now_ + time; now_ < end;) say(0, probe);
    }

    bool is_unchanged() const { return topology_.unchanged(now_).has_value(); }

    mysql_topology topology_{2, {}};
    mysql_topology::time_point now_ = mysql_topology::time_point(100s);
};

TEST_F(unchanged_primary_test, a_period_begins_when_all_that_was_written_can_be_seen) {
    EXPECT_FALSE(is_unchanged());
    const auto seen = now_ + 100ms;
    stay(at("0-1-5"), 10s);
    EXPECT_FALSE(is_unchanged());
    stay(at("0-1-5"), 1s);
    ASSERT_TRUE(is_unchanged());
    EXPECT_EQ(topology_.unchanged(now_)->since, seen + 10s);
}

TEST_F(unchanged_primary_test, a_period_ends_when_the_primary_was_last_asked) {
    stay(at("0-1-5"), 12s);
    const auto asked = now_;
    say(0, at("0-1-5"));
    EXPECT_EQ(topology_.unchanged(now_)->until, asked);
    now_ += 1s;
    EXPECT_EQ(topology_.unchanged(now_)->until, asked);
}

TEST_F(unchanged_primary_test, whatever_is_written_ends_the_period) {
    stay(at("0-1-5"), 12s);
    say(0, at("0-1-6"));
    EXPECT_FALSE(is_unchanged());
    stay(at("0-1-6"), 12s);
    EXPECT_TRUE(is_unchanged());
    say(0, at("0-1-6,7-1-1"));
    EXPECT_FALSE(is_unchanged());
}

TEST_F(unchanged_primary_test, silence_ends_the_period) {
    const auto five = at("0-1-5");
    stay(five, 12s);
    topology_.note(0, std::nullopt, now_);
    EXPECT_FALSE(is_unchanged());
    topology_.note(1, std::nullopt, now_);
    stay(five, 1s);
    EXPECT_FALSE(is_unchanged());
    topology_.note(1, std::nullopt, now_);
    stay(five, 12s);
    EXPECT_TRUE(is_unchanged());
}

TEST_F(unchanged_primary_test, a_report_that_is_too_old_ends_the_period) {
    stay(at("0-1-5"), 12s);
    now_ += 3s;
    EXPECT_FALSE(is_unchanged());
    say(0, at("0-1-5"));
    EXPECT_FALSE(is_unchanged());
}

TEST_F(unchanged_primary_test, commits_that_hang_end_the_period) {
    stay(at("0-1-5"), 12s);
    auto hung = at("0-1-5");
    hung.commits = commit_health::hung;
    say(0, hung);
    EXPECT_FALSE(is_unchanged());
    say(0, at("0-1-5"));
    EXPECT_FALSE(is_unchanged());
}

TEST_F(unchanged_primary_test, another_primary_with_the_same_position_begins_a_new_period) {
    const auto five = at("0-1-5");
    stay(five, 12s);
    auto promoted = five;
    promoted.epoch = 2;
    say(1, promoted);
    EXPECT_EQ(topology_.primary(now_), 1u);
    EXPECT_FALSE(is_unchanged());
}

TEST_F(unchanged_primary_test, nothing_is_known_without_a_binary_log) {
    stay(at(""), 30s);
    EXPECT_EQ(topology_.primary(now_), 0u);
    EXPECT_FALSE(is_unchanged());
}

TEST_F(unchanged_primary_test, nothing_is_known_of_a_single_server_which_may_be_a_proxy_before_several) {
    mysql_topology single(1, {});
    auto probe = at("0-1-5");
    for (int second = 0; second < 30; ++second) {
        probe.asked = now_ += 1s;
        single.note(0, probe, now_);
    }
    EXPECT_EQ(single.primary(now_), 0u);
    EXPECT_FALSE(single.unchanged(now_));
}

}  // namespace

}  // namespace userinfo::sql
