#include "tokens/signature_cache.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

constexpr std::size_t capacity = 64;
constexpr std::size_t many = 5000;

sha256_digest digest_of(std::size_t number) { return sha256(std::to_string(number)); }

access_claims_ptr claims_of(std::size_t number) {
    access_claims claims;
    claims.client = std::to_string(number);
    return std::make_shared<const access_claims>(std::move(claims));
}

TEST(signature_cache, knows_what_it_was_given_and_nothing_else) {
    signature_cache cache(capacity);
    EXPECT_EQ(cache.find(digest_of(1)), nullptr);
    cache.put(digest_of(1), claims_of(1));
    ASSERT_NE(cache.find(digest_of(1)), nullptr);
    EXPECT_EQ(cache.find(digest_of(1))->client, "1");
    EXPECT_EQ(cache.find(digest_of(2)), nullptr);
}

TEST(signature_cache, tells_tokens_apart_by_every_byte) {
    signature_cache cache(capacity);
    const auto digest = digest_of(1);
    cache.put(digest, claims_of(1));
    for (std::size_t i = 0; i < digest.size(); ++i) {
        auto other = digest;
        other[i] ^= 1;
        EXPECT_EQ(cache.find(other), nullptr) << i;
    }
}

TEST(signature_cache, holds_no_more_than_its_capacity) {
    signature_cache cache(capacity);
    std::vector<std::weak_ptr<const access_claims>> given;
    for (std::size_t i = 0; i < many; ++i) {
        auto claims = claims_of(i);
        given.push_back(claims);
        cache.put(digest_of(i), std::move(claims));
    }
    const auto held = std::ranges::count_if(given, [](const auto& claims) { return !claims.expired(); });
    EXPECT_LE(held, static_cast<std::ptrdiff_t>(capacity));
    EXPECT_GE(held, static_cast<std::ptrdiff_t>(capacity / 4));
}

TEST(signature_cache, keeps_what_is_used_and_forgets_what_is_not) {
    signature_cache cache(capacity);
    cache.put(digest_of(0), claims_of(0));
    cache.put(digest_of(1), claims_of(1));
    for (std::size_t i = 2; i < many; ++i) {
        cache.put(digest_of(i), claims_of(i));
        ASSERT_NE(cache.find(digest_of(0)), nullptr) << i;
    }
    EXPECT_EQ(cache.find(digest_of(1)), nullptr);
}

TEST(signature_cache, remembers_the_newest_claims_of_a_token) {
    signature_cache cache(capacity);
    cache.put(digest_of(1), claims_of(1));
    cache.put(digest_of(1), claims_of(2));
    EXPECT_EQ(cache.find(digest_of(1))->client, "2");
}

TEST(signature_cache, works_with_a_capacity_of_nothing) {
    signature_cache cache(0);
    cache.put(digest_of(1), claims_of(1));
    EXPECT_NE(cache.find(digest_of(1)), nullptr);
}

}  // namespace
}  // namespace userinfo
