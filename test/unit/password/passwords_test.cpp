#include "password/passwords.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/failure_of.h"
#include "support/processor_time.h"
#include "support/run_task.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using test::failure_of;
using test::least_processor_time;
using test::run;

constexpr argon2_parameters cheap{.memory_kib = 64, .iterations = 1};

call call_until(std::chrono::steady_clock::time_point deadline) {
    return {.request_id = "test", .deadline = deadline, .address = {}, .user_agent = {}, .access_token = {}};
}

class passwords_test : public testing::Test {
protected:
    metrics figures_;
    passwords passwords_{{.argon2 = cheap, .threads = 1, .queue_limit = 1}, figures_};
    const call call_ = call_until(std::chrono::steady_clock::now() + 1min);
};

TEST_F(passwords_test, hashes_and_verifies) {
    const auto phc = run(passwords_.hash(call_, "a phrase")).value();
    EXPECT_TRUE(run(passwords_.verify(call_, "a phrase", phc)).value());
    EXPECT_FALSE(run(passwords_.verify(call_, "another", phc)).value());
    EXPECT_FALSE(passwords_.is_outdated(phc));
}

TEST_F(passwords_test, the_dummy_costs_what_a_real_hash_costs_and_no_password_has_it) {
    EXPECT_TRUE(passwords_.dummy().starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    EXPECT_FALSE(passwords_.is_outdated(passwords_.dummy()));
    EXPECT_FALSE(run(passwords_.verify(call_, "", passwords_.dummy())).value());
    metrics figures;
    EXPECT_NE(passwords({.argon2 = cheap, .threads = 1}, figures).dummy(), passwords_.dummy());
}

TEST_F(passwords_test, does_nothing_for_a_call_whose_time_is_up) {
    const auto late = call_until(std::chrono::steady_clock::now() - 1s);
    EXPECT_EQ(failure_of(run(passwords_.hash(late, "a phrase"))), errc::unavailable);
    EXPECT_EQ(failure_of(run(passwords_.verify(late, "a phrase", passwords_.dummy()))), errc::unavailable);
}

// One source may hold three of the 24 places that are not reserved.
TEST(passwords, are_refused_when_too_many_wait) {
    metrics figures;
    passwords slow({.argon2 = {.memory_kib = 16 * 1024, .iterations = 3}, .threads = 1, .queue_limit = 32}, figures);
    const auto call = call_until(std::chrono::steady_clock::now() + 1min);
    std::vector<task<result<std::string>>> jobs;
    for (int i = 0; i < 12; ++i) jobs.push_back(slow.hash(call, "a phrase"));
    std::size_t done = 0;
    std::size_t refused = 0;
    for (const auto& outcome : test::run_together(std::move(jobs), 1)) {
        if (outcome)
            ++done;
        else if (outcome.error().code == errc::overloaded)
            ++refused;
    }
    EXPECT_GE(done, 2u);
    EXPECT_GE(refused, 1u);
    EXPECT_EQ(done + refused, 12u);
}

// The last job of the three is not in vain: nobody waits behind it.
TEST(passwords, of_a_client_that_has_left_are_not_hashed_while_others_wait) {
    metrics figures;
    passwords slow({.argon2 = {.memory_kib = 16 * 1024, .iterations = 3}, .threads = 1, .queue_limit = 32}, figures);
    auto call = call_until(std::chrono::steady_clock::now() + 1min);
    auto of_one_who_left = call;
    of_one_who_left.client_left = [] { return true; };
    std::vector<task<result<std::string>>> jobs;
    jobs.push_back(slow.hash(call, "a phrase"));
    jobs.push_back(slow.hash(of_one_who_left, "a phrase"));
    jobs.push_back(slow.hash(call, "a phrase"));
    const auto outcomes = test::run_together(std::move(jobs), 1);
    EXPECT_TRUE(outcomes[0]);
    EXPECT_EQ(failure_of(outcomes[1]), errc::unavailable);
    EXPECT_TRUE(outcomes[2]);
    EXPECT_TRUE(run(slow.hash(of_one_who_left, "a phrase"))) << "it may still read the reply";
}

constexpr argon2_parameters dearer{.memory_kib = 1024, .iterations = 1};

TEST_F(passwords_test, have_no_floor_while_all_are_hashed_with_the_current_parameters) {
    EXPECT_EQ(passwords_.floor(), 0ns);
    const auto phc = run(passwords_.hash(call_, "a phrase")).value();
    ASSERT_TRUE(run(passwords_.verify(call_, "a phrase", phc)));
    ASSERT_TRUE(run(passwords_.learn(call_, {})));
    EXPECT_EQ(passwords_.floor(), 0ns);
}

TEST(passwords, have_a_floor_above_the_time_of_the_dearest_hash_that_is_stored) {
    metrics figures;
    const argon2_parameters today{.memory_kib = 4 * 1024, .iterations = 1};
    passwords some({.argon2 = today, .threads = 1}, figures);
    const auto call = call_until(std::chrono::steady_clock::now() + 1min);
    const auto dear = password_hasher({.memory_kib = 32 * 1024, .iterations = 2}).hash("a phrase");
    const auto weak = password_hasher({.memory_kib = 1024, .iterations = 1}).hash("a phrase");
    const auto floor_with = [&](const std::vector<std::string>& stored) {
        std::vector<std::string> samples;
        for (const auto& each : stored) samples.push_back(some.sample_of(each).value());
        EXPECT_TRUE(run(some.learn(call, samples)));
        return some.floor();
    };
    const auto took = least_processor_time([&] { EXPECT_FALSE(password_hasher(today).verify("another", dear)); });
    EXPECT_GT(floor_with({dear, weak}), took * 3 / 4);
    EXPECT_LT(floor_with({weak}), took * 3 / 4 + 5ms) << "the dear one is gone";
    EXPECT_GE(floor_with({weak}), 5ms) << "what is padded takes another time, too";
    EXPECT_EQ(floor_with({}), 0ns);
}

TEST_F(passwords_test, raise_the_floor_when_a_hash_of_other_parameters_is_met) {
    const auto dear = password_hasher(dearer).hash("a phrase");
    EXPECT_TRUE(run(passwords_.verify(call_, "a phrase", dear)).value());
    EXPECT_GE(passwords_.floor(), 5ms);
    ASSERT_TRUE(run(passwords_.learn(call_, {})));
    EXPECT_EQ(passwords_.floor(), 0ns);
    EXPECT_FALSE(run(passwords_.verify(call_, "another", dear)).value());
    EXPECT_GE(passwords_.floor(), 5ms);
}

TEST_F(passwords_test, are_all_verified_no_sooner_than_the_floor) {
    ASSERT_TRUE(run(passwords_.learn(call_, {passwords_.sample_of(password_hasher(dearer).hash("a phrase")).value()})));
    const auto phc = run(passwords_.hash(call_, "a phrase")).value();
    for (const auto& each :
         {passwords_.dummy(), phc, password_hasher(dearer).hash("a phrase"), std::string("unknown")}) {
        const auto begin = std::chrono::steady_clock::now();
        ASSERT_TRUE(run(passwords_.verify(call_, "a phrase", each)));
        EXPECT_GE(std::chrono::steady_clock::now() - begin, passwords_.floor()) << each;
    }
}

TEST_F(passwords_test, have_no_floor_for_a_hash_that_is_refused_unseen) {
    for (const auto& phc : {std::string("$2b$12$abcdefghijklmnopqrstuv"),
                            password_hasher({.memory_kib = 1025, .iterations = 1}).hash("a phrase")}) {
        EXPECT_FALSE(passwords_.knows(phc));
        EXPECT_FALSE(run(passwords_.verify(call_, "a phrase", phc)).value());
        EXPECT_EQ(passwords_.floor(), 0ns);
    }
}

call from(const std::string& address) {
    auto call = call_until(std::chrono::steady_clock::now() + 1min);
    call.address = address;
    return call;
}

std::size_t count_refused(const std::vector<result<std::string>>& outcomes) {
    return static_cast<std::size_t>(std::ranges::count_if(
        outcomes, [](const auto& outcome) { return !outcome && outcome.error().code == errc::overloaded; }));
}

// 12 of the 16 places are for all, and one network may hold one of them.
TEST(passwords, of_many_sources_of_one_network_share_its_places) {
    metrics figures;
    passwords slow({.argon2 = {.memory_kib = 16 * 1024, .iterations = 3}, .threads = 1, .queue_limit = 16}, figures);
    std::vector<call> calls;
    for (int i = 0; i < 12; ++i) calls.push_back(from("2001:db8:1:" + std::to_string(100 * i) + "::1"));
    std::vector<task<result<std::string>>> jobs;
    for (const auto& each : calls) jobs.push_back(slow.hash(each, "a phrase"));
    EXPECT_GE(count_refused(test::run_together(std::move(jobs), 1)), 1u);
}

TEST(passwords, of_a_known_device_find_a_place_where_strangers_have_taken_all_others) {
    metrics figures;
    passwords slow({.argon2 = {.memory_kib = 16 * 1024, .iterations = 3}, .threads = 1, .queue_limit = 16}, figures);
    std::vector<call> strangers;
    for (int i = 0; i < 24; ++i) strangers.push_back(from("198.51." + std::to_string(i) + ".1"));
    const auto owner = from("203.0.113.1");
    std::vector<task<result<std::string>>> jobs;
    for (const auto& each : strangers) jobs.push_back(slow.hash(each, "a phrase"));
    jobs.push_back(slow.hash(owner, "a phrase", uuid::random()));
    const auto outcomes = test::run_together(std::move(jobs), 1);
    EXPECT_GE(count_refused(outcomes), 1u) << "the queue was full";
    EXPECT_TRUE(outcomes.back());
}

TEST(passwords, short_memory_is_no_crash) {
    metrics figures;
    passwords cheap_ones({.argon2 = cheap, .threads = 1}, figures);
    const auto greedy = "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$" + std::string(43, 'A');
    const auto call = call_until(std::chrono::steady_clock::now() + 1min);
    EXPECT_FALSE(run(cheap_ones.verify(call, "a phrase", greedy)).value());
}

}  // namespace
}  // namespace userinfo
