#include "device/device_rules.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::chrono_literals;

constexpr timestamp now{std::chrono::sys_days(std::chrono::year(2030) / 1 / 1)};
const uuid anna = uuid::random();
const uuid berta = uuid::random();

device known_device(std::uint64_t generation = 3, timestamp last_used_at = now) {
    return {.id = uuid::random(),
            .generation = generation,
            .name = "an old browser",
            .created_at = now - 24h * 500,
            .last_used_at = last_used_at};
}

device_proof proof_of(const device& known) {
    return {.account = anna, .device = known.id, .generation = known.generation};
}

device_use use_of(std::optional<device_proof> shown) {
    return {.shown = shown, .fresh_id = uuid::random(), .name = "a browser", .at = now};
}

TEST(device_rules, only_the_generation_of_the_last_log_in_proves_a_device) {
    const auto known = known_device(3);
    auto shown = proof_of(known);
    EXPECT_TRUE(is_current(shown, known, now));
    for (const std::uint64_t other : {0, 2, 4}) {
        shown.generation = other;
        EXPECT_FALSE(is_current(shown, known, now)) << other;
    }
    EXPECT_FALSE(is_current(proof_of(known_device(3)), known, now)) << "another device";
}

TEST(device_rules, a_device_is_known_for_four_hundred_days) {
    const auto known = known_device();
    EXPECT_TRUE(is_current(proof_of(known), known, now + 400 * 24h - 1us));
    EXPECT_FALSE(is_current(proof_of(known), known, now + 400 * 24h));
}

TEST(device_rules, a_log_in_on_a_known_device_raises_its_generation) {
    const std::vector known{known_device(), known_device(7, now - 1h), known_device()};
    const auto use = use_of(proof_of(known[1]));
    const auto change = decide_device(known, use);
    EXPECT_FALSE(change.is_new);
    EXPECT_TRUE(change.forgotten.empty());
    EXPECT_EQ(change.used, (device{.id = known[1].id,
                                   .generation = 8,
                                   .name = "a browser",
                                   .created_at = known[1].created_at,
                                   .last_used_at = now}));
}

TEST(device_rules, any_other_log_in_makes_a_device) {
    const std::vector known{known_device()};
    auto older = proof_of(known[0]);
    --older.generation;
    for (const auto& shown :
         {std::optional<device_proof>(), std::optional(older), std::optional(proof_of(known_device()))}) {
        const auto use = use_of(shown);
        const auto change = decide_device(known, use);
        EXPECT_TRUE(change.is_new);
        EXPECT_TRUE(change.forgotten.empty());
        EXPECT_EQ(
            change.used,
            (device{.id = use.fresh_id, .generation = 1, .name = "a browser", .created_at = now, .last_used_at = now}));
    }
}

TEST(device_rules, of_more_than_twenty_the_one_that_was_unused_for_longest_is_forgotten) {
    std::vector<device> known;
    for (int i = 0; i < 19; ++i) known.push_back(known_device(1, now - 1h * i));
    EXPECT_TRUE(decide_device(known, use_of({})).forgotten.empty());
    known.insert(known.begin() + 5, known_device(1, now - 24h));
    EXPECT_EQ(decide_device(known, use_of({})).forgotten, std::vector{known[5].id});
    known.insert(known.begin() + 7, known_device(1, now - 48h));
    EXPECT_EQ(decide_device(known, use_of({})).forgotten, (std::vector{known[7].id, known[5].id}));
    EXPECT_TRUE(decide_device(known, use_of(proof_of(known[0]))).forgotten.empty()) << "no device is new";
}

TEST(device_rules, a_client_shows_one_proof_for_each_account) {
    const device_proof first{.account = anna, .device = uuid::random(), .generation = 1};
    const device_proof second{.account = berta, .device = uuid::random(), .generation = 5};
    const device_proofs shown{first, second};
    EXPECT_EQ(proof_for(shown, anna), first);
    EXPECT_EQ(proof_for(shown, berta), second);
    EXPECT_EQ(proof_for(shown, uuid::random()), std::nullopt);
    EXPECT_EQ(proof_for({}, anna), std::nullopt);
}

TEST(device_rules, the_latest_proof_replaces_that_of_its_account_and_comes_first) {
    const device_proof first{.account = anna, .device = uuid::random(), .generation = 1};
    const device_proof second{.account = berta, .device = uuid::random(), .generation = 5};
    const device_proof later{.account = berta, .device = uuid::random(), .generation = 6};
    EXPECT_EQ(with_latest({}, first), device_proofs{first});
    EXPECT_EQ(with_latest({first}, second), (device_proofs{second, first}));
    EXPECT_EQ(with_latest({first, second}, later), (device_proofs{later, first}));
}

TEST(device_rules, a_client_keeps_the_five_latest_proofs) {
    device_proofs shown;
    std::vector<uuid> accounts;
    for (int i = 0; i < 7; ++i) {
        accounts.push_back(uuid::random());
        shown = with_latest(shown, {.account = accounts.back(), .device = uuid::random(), .generation = 1});
    }
    ASSERT_EQ(shown.size(), 5U);
    for (std::size_t i = 0; i < shown.size(); ++i) EXPECT_EQ(shown[i].account, accounts[6 - i]);
}

}  // namespace
}  // namespace userinfo
