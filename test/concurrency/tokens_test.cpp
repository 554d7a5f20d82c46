// Keys change while tokens are signed and verified.
#include <atomic>
#include <cstring>

#include <gtest/gtest.h>

#include "support/manual_clock.h"
#include "support/threads.h"
#include "support/token_forge.h"
#include "tokens/access_token.h"
#include "tokens/internal_key.h"
#include "tokens/refresh_token.h"
#include "tokens/signature_cache.h"

namespace userinfo {
namespace {

using test::run_threads;

class changing_keys : public testing::Test {
protected:
    changing_keys() { sign_with(0); }

    // Both verify, one signs.
    void sign_with(std::size_t which) {
        std::vector<access_key> keys;
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            keys.push_back({.kid = std::to_string(i), .key = test::copy_of(keys_[i]), .signs = i == which});
        }
        published_.replace(std::make_shared<access_key_set>(std::move(keys)));
    }

    access_claims claims() const {
        const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
        return {.subject = uuid::random(),
                .session = uuid::random(),
                .client = "web",
                .amr = {"pwd"},
                .issued_at = now,
                .expires_at = now + std::chrono::minutes(15),
                .auth_time = now,
                .token_id = uuid::random()};
    }

    const std::vector<es256_key> keys_ = [] {
        std::vector<es256_key> made;
        made.push_back(es256_key::generate());
        made.push_back(es256_key::generate());
        return made;
    }();
    test::manual_clock clock_;
    access_keys published_;
    access_tokens tokens_{test::forge_settings, published_, clock_};
};

TEST_F(changing_keys, every_token_that_is_issued_verifies_and_says_whose_it_is) {
    std::atomic<bool> done = false;
    std::jthread rotation([&] {
        for (std::size_t i = 0; !done; ++i) sign_with(i % keys_.size());
    });
    run_threads(3, [&](std::size_t) {
        for (int i = 0; i < 100; ++i) {
            const auto wanted = claims();
            const auto token = tokens_.issue(wanted);
            for (int again = 0; again < 2; ++again) {
                const auto verified = tokens_.verify(token);
                ASSERT_TRUE(verified);
                EXPECT_EQ((*verified)->subject, wanted.subject);
                EXPECT_EQ((*verified)->session, wanted.session);
            }
        }
    });
    done = true;
}

TEST_F(changing_keys, one_token_verifies_on_all_threads_at_once) {
    const auto token = tokens_.issue(claims());
    std::atomic<int> accepted = 0;
    run_threads(4, [&](std::size_t) {
        for (int i = 0; i < 200; ++i) accepted += tokens_.verify(token).has_value();
    });
    EXPECT_EQ(accepted, 800);
}

TEST(signature_cache, gives_each_token_its_own_claims_while_it_forgets_old_ones) {
    signature_cache cache(64);
    std::atomic<int> hits = 0;
    run_threads(4, [&](std::size_t) {
        for (std::uint32_t i = 0; i < 5000; ++i) {
            sha256_digest digest{};
            std::memcpy(digest.data(), &i, sizeof i);
            digest[31] = static_cast<std::uint8_t>(i);
            auto put = std::make_shared<access_claims>();
            put->client = std::to_string(i);
            cache.put(digest, std::move(put));
            const auto claims = cache.find(digest);
            if (!claims) continue;  // another thread pushed it out
            ++hits;
            ASSERT_EQ(claims->client, std::to_string(i));
        }
    });
    EXPECT_GT(hits, 0);
}

TEST(refresh_tokens, stay_genuine_while_a_newer_key_is_put_before_theirs) {
    const refresh_key older{.secret = {1}, .signs = true}, newer{.secret = {2}, .signs = true};
    const refresh_key older_rests{.secret = {1}}, newer_rests{.secret = {2}};
    const timestamp now{};
    const std::array<std::uint8_t, 16> nonce{3};
    refresh_tokens tokens;
    tokens.replace_keys({older, newer_rests});
    std::atomic<bool> done = false;
    std::jthread rotation([&] {
        while (!done) {
            tokens.replace_keys({newer, older_rests});
            tokens.replace_keys({older, newer_rests});
        }
    });
    run_threads(3, [&](std::size_t) {
        for (std::uint64_t i = 0; i < 500; ++i) {
            const auto parsed = parse_refresh_token(tokens.issue(uuid::random(), i, nonce));
            ASSERT_TRUE(parsed && parsed->generation == i);
            ASSERT_TRUE(tokens.is_genuine(*parsed, nonce, now));
        }
    });
    done = true;
}

TEST(internal_key, gives_all_threads_one_answer) {
    internal_key key;
    key.set({1, 2, 3});
    const auto expected = key.mac("use", "message");
    run_threads(4, [&](std::size_t) {
        for (int i = 0; i < 200; ++i) ASSERT_EQ(key.mac("use", "message"), expected);
    });
}

}  // namespace
}  // namespace userinfo
