#include "password/passwords.h"

#include <gtest/gtest.h>

#include "support/failure_of.h"
#include "support/run_task.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using test::failure_of;
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

// One source may hold two places of the sixteen.
TEST(passwords, are_refused_when_too_many_wait) {
    metrics figures;
    passwords slow({.argon2 = {.memory_kib = 16 * 1024, .iterations = 3}, .threads = 1, .queue_limit = 16}, figures);
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
    passwords slow({.argon2 = {.memory_kib = 16 * 1024, .iterations = 3}, .threads = 1, .queue_limit = 24}, figures);
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

TEST(passwords, short_memory_is_no_crash) {
    metrics figures;
    passwords cheap_ones({.argon2 = cheap, .threads = 1}, figures);
    const auto greedy = "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$" + std::string(43, 'A');
    const auto call = call_until(std::chrono::steady_clock::now() + 1min);
    EXPECT_FALSE(run(cheap_ones.verify(call, "a phrase", greedy)).value());
}

}  // namespace
}  // namespace userinfo
