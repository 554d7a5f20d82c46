#include "password/password_hasher.h"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <tuple>

#include <gtest/gtest.h>
#include <sodium.h>

#include "support/processor_time.h"

namespace userinfo {
namespace {

using namespace std::string_literals;

const password_hasher hasher({.memory_kib = 64, .iterations = 1});

TEST(password_hasher, verifies_what_it_hashed_and_nothing_else) {
    const auto phc = hasher.hash("a long phrase");
    EXPECT_TRUE(hasher.verify("a long phrase", phc));
    for (const auto& wrong : {""s, "a long phras"s, "a long phrase "s, "A long phrase"s, "a long phrase\0"s}) {
        EXPECT_FALSE(hasher.verify(wrong, phc)) << wrong;
    }
}

TEST(password_hasher, its_parameters_stand_in_the_hash) {
    EXPECT_TRUE(hasher.hash("p").starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    const password_hasher stronger({.memory_kib = 256, .iterations = 3});
    EXPECT_TRUE(stronger.hash("p").starts_with("$argon2id$v=19$m=256,t=3,p=1$"));
}

TEST(password_hasher, its_parameters_are_owasps_unless_told_otherwise) {
    EXPECT_TRUE(password_hasher({}).hash("p").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(password_hasher, salts_each_hash) { EXPECT_NE(hasher.hash("same"), hasher.hash("same")); }

TEST(password_hasher, every_byte_of_a_long_password_counts) {
    const auto longest = std::string(1024, 'x');
    const auto phc = hasher.hash(longest);
    EXPECT_TRUE(hasher.verify(longest, phc));
    EXPECT_FALSE(hasher.verify(longest.substr(1), phc));
    for (const std::size_t i : {0, 71, 72, 255, 256, 1023}) {
        auto other = longest;
        other[i] = 'y';
        EXPECT_FALSE(hasher.verify(other, phc)) << i;
    }
}

TEST(password_hasher, a_nul_ends_no_password) {
    const auto phc = hasher.hash("before\0after"s);
    EXPECT_TRUE(hasher.verify("before\0after"s, phc));
    EXPECT_FALSE(hasher.verify("before", phc));
    EXPECT_FALSE(hasher.verify("before\0other"s, phc));
}

TEST(password_hasher, finds_hashes_outdated_that_took_less_or_more_work) {
    const auto phc = hasher.hash("p");
    EXPECT_FALSE(hasher.is_outdated(phc));
    EXPECT_TRUE(password_hasher({.memory_kib = 128, .iterations = 1}).is_outdated(phc));
    EXPECT_TRUE(password_hasher({.memory_kib = 64, .iterations = 2}).is_outdated(phc));
    EXPECT_TRUE(password_hasher({.memory_kib = 32, .iterations = 1}).is_outdated(phc));
    EXPECT_FALSE(password_hasher({.memory_kib = 32, .iterations = 2}).is_outdated(phc));
    EXPECT_TRUE(hasher.is_outdated("$2b$12$abcdefghijklmnopqrstuvwxyz"));
}

TEST(password_hasher, verifies_hashes_of_other_parameters) {
    const auto phc = password_hasher({.memory_kib = 128, .iterations = 2}).hash("p");
    EXPECT_TRUE(hasher.verify("p", phc));
    EXPECT_FALSE(hasher.verify("q", phc));
}

TEST(password_hasher, verifies_no_hash_that_costs_over_16_times_as_much) {
    const password_hasher cheap({.memory_kib = 8, .iterations = 2});
    for (const auto& [memory_kib, iterations, right] : {std::tuple(128U, 2U, true),
                                                        {129U, 1U, false},
                                                        {129U, 2U, false},
                                                        {128U, 3U, false},
                                                        {8U, 32U, true},
                                                        {8U, 33U, false}}) {
        const auto phc = password_hasher({.memory_kib = memory_kib, .iterations = iterations}).hash("p");
        EXPECT_EQ(cheap.verify("p", phc), right) << phc;
    }
    const auto rest = hasher.hash("p").substr(std::string_view("$argon2id$v=19$m=64,t=1").size());
    for (const char* figures : {"m=4294967295,t=1", "m=64,t=4294967295", "m=18446744073709551616,t=1", "m=-1,t=1"}) {
        const auto phc = std::string("$argon2id$v=19$") + figures + rest;
        EXPECT_FALSE(hasher.verify("p", phc)) << phc;
    }
}

TEST(password_hasher, finds_outdated_what_it_cannot_read) {
    for (const char* phc :
         {"$argon2id$v=19$m=18446744073709551615,t=18446744073709551615,p=1$", "$argon2id$v=19$m=64,t=1",
          "$argon2id$v=16$m=64,t=1,p=1$", "$argon2id$v=19$m=,t=1,p=1$", ""}) {
        EXPECT_TRUE(hasher.is_outdated(phc)) << phc;
    }
}

TEST(password_hasher, verifies_nothing_under_a_scheme_it_does_not_know) {
    std::array<char, crypto_pwhash_STRBYTES> argon2i;
    ASSERT_EQ(crypto_pwhash_str_alg(argon2i.data(), "p", 1, crypto_pwhash_argon2i_OPSLIMIT_MIN,
                                    crypto_pwhash_argon2i_MEMLIMIT_MIN, crypto_pwhash_ALG_ARGON2I13),
              0);
    ASSERT_EQ(crypto_pwhash_str_verify(argon2i.data(), "p", 1), 0);
    for (const auto& phc : {std::string(argon2i.data()), ""s, "p"s, "$argon2id$"s, "$2b$12$abcdefghijklmnopqrstuv"s,
                            "$argon2id$v=19$m=64,t=1,p=1$"s, "$plain$p"s}) {
        EXPECT_FALSE(hasher.verify("p", phc)) << phc;
        EXPECT_FALSE(hasher.verify("", phc)) << phc;
    }
}

TEST(password_hasher, a_damaged_hash_verifies_nothing) {
    const auto phc = hasher.hash("p");
    auto damaged = phc;
    damaged[damaged.size() - 10] = damaged[damaged.size() - 10] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(hasher.verify("p", damaged));
    EXPECT_FALSE(hasher.verify("p", phc.substr(0, phc.size() - 1)));
    for (int i = 0; i < 256; ++i) {
        damaged = phc;
        damaged[damaged.size() - 10] = static_cast<char>(i);
        EXPECT_EQ(hasher.verify("p", damaged), damaged == phc) << i;
    }
}

std::chrono::nanoseconds time_to_verify(const password_hasher& verifier, const std::string& phc) {
    return test::least_processor_time([&] { EXPECT_FALSE(verifier.verify("another", phc)); });
}

TEST(password_hasher, works_as_hard_for_a_hash_of_weaker_parameters) {
    const password_hasher today({.memory_kib = 16 * 1024, .iterations = 3});
    const auto usual = time_to_verify(today, today.hash("p"));
    for (const argon2_parameters& weaker : {argon2_parameters{.memory_kib = 1024, .iterations = 1},
                                            argon2_parameters{.memory_kib = 16 * 1024, .iterations = 1},
                                            argon2_parameters{.memory_kib = 8 * 1024, .iterations = 5}}) {
        EXPECT_GT(time_to_verify(today, password_hasher(weaker).hash("p")) * 10, usual * 6);
    }
}

TEST(password_hasher, knows_what_it_can_check) {
    const auto phc = hasher.hash("p");
    EXPECT_TRUE(hasher.knows(phc));
    EXPECT_TRUE(hasher.knows(password_hasher({.memory_kib = 1024, .iterations = 1}).hash("p")));
    EXPECT_FALSE(hasher.knows(password_hasher({.memory_kib = 1025, .iterations = 1}).hash("p"))) << "too dear";
    auto damaged = phc;
    damaged[damaged.size() - 10] = '!';
    for (const auto& unknown : {damaged, phc.substr(0, phc.size() - 1), phc + "$", phc.substr(0, phc.rfind('$')), ""s,
                                "p"s, "$argon2id$"s, "$argon2id$v=19$m=64,t=1,p=1$"s, "$2b$12$abcdefghijklmnopqrstuv"s,
                                "$argon2i$v=19$m=64,t=3,p=1$c29tZXNhbHQ$AA"s}) {
        EXPECT_FALSE(hasher.knows(unknown)) << unknown;
        EXPECT_FALSE(hasher.verify("p", unknown)) << unknown;
    }
}

TEST(password_hasher, works_as_hard_for_a_hash_that_it_does_not_know) {
    const password_hasher today({.memory_kib = 16 * 1024, .iterations = 3});
    const auto genuine = today.hash("p");
    const auto usual = time_to_verify(today, genuine);
    for (const auto& unknown : {"$2b$12$abcdefghijklmnopqrstuv"s, genuine.substr(0, genuine.size() - 1),
                                "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$" + std::string(43, 'A')}) {
        EXPECT_GT(time_to_verify(today, unknown) * 10, usual * 6) << unknown;
    }
}

TEST(password_hasher, makes_a_sample_of_other_parameters) {
    const auto other = password_hasher({.memory_kib = 128, .iterations = 2}).hash("p");
    const auto sample = hasher.sample_of(other.substr(0, other.find('$', 16) + 1)).value();
    EXPECT_TRUE(sample.starts_with("$argon2id$v=19$m=128,t=2,p=1$")) << sample;
    EXPECT_TRUE(hasher.knows(sample));
    EXPECT_FALSE(hasher.verify("p", sample));
    EXPECT_EQ(hasher.sample_of(other), sample);
    for (const auto& none : {hasher.hash("p"), "$argon2id$v=19$m=64,t=1,p=1$"s, "$argon2id$v=19$m=1025,t=1,p=1$"s,
                             "$2b$12$abcdefghi"s, ""s}) {
        EXPECT_EQ(hasher.sample_of(none), std::nullopt) << none;
    }
}

}  // namespace
}  // namespace userinfo
