#include "tokens/refresh_token.h"

#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "support/first_refresh_token.h"

namespace userinfo {
namespace {

using nonce = std::array<std::uint8_t, 16>;

constexpr std::size_t text_size = 119;

const timestamp now = timestamp(std::chrono::sys_days(std::chrono::year(2030) / 1 / 1));

refresh_key key_of(std::uint8_t byte, bool signs = true, std::optional<timestamp> verify_until = {}) {
    refresh_key key{.signs = signs, .verify_until = verify_until};
    key.secret.fill(byte);
    return key;
}

class refresh_token_test : public testing::Test {
protected:
    refresh_token_test() { tokens_.replace_keys({key_of(1)}); }

    bool is_genuine(const std::string& text) const {
        const auto token = parse_refresh_token(text);
        return token && tokens_.is_genuine(*token, nonce_, now);
    }

    refresh_tokens tokens_;
    const uuid session_ = uuid::random();
    const nonce nonce_ = uuid::random().bytes();
};

TEST_F(refresh_token_test, gives_back_the_session_and_the_generation) {
    for (const std::uint64_t generation : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x0102030405060708},
                                           std::numeric_limits<std::uint64_t>::max()}) {
        const auto text = tokens_.issue(session_, generation, nonce_);
        EXPECT_EQ(text.size(), text_size);
        const auto token = parse_refresh_token(text);
        ASSERT_TRUE(token);
        EXPECT_EQ(token->session, session_);
        EXPECT_EQ(token->generation, generation);
        EXPECT_TRUE(tokens_.is_genuine(*token, nonce_, now));
    }
}

TEST_F(refresh_token_test, the_same_generation_has_the_same_token) {
    EXPECT_EQ(tokens_.issue(session_, 7, nonce_), tokens_.issue(session_, 7, nonce_));
    EXPECT_NE(tokens_.issue(session_, 7, nonce_), tokens_.issue(session_, 8, nonce_));
}

TEST_F(refresh_token_test, the_mac_is_bound_to_session_generation_nonce_and_key) {
    const auto token = *parse_refresh_token(tokens_.issue(session_, 7, nonce_));
    ASSERT_TRUE(tokens_.is_genuine(token, nonce_, now));

    auto other_session = token;
    other_session.session = uuid::random();
    EXPECT_FALSE(tokens_.is_genuine(other_session, nonce_, now));

    for (const std::uint64_t generation : {0, 6, 8, 7 << 8}) {
        auto other_generation = token;
        other_generation.generation = generation;
        EXPECT_FALSE(tokens_.is_genuine(other_generation, nonce_, now)) << generation;
    }

    auto other_nonce = nonce_;
    other_nonce[15] ^= 1;
    EXPECT_FALSE(tokens_.is_genuine(token, other_nonce, now));

    tokens_.replace_keys({key_of(2)});
    EXPECT_FALSE(tokens_.is_genuine(token, nonce_, now));
}

TEST_F(refresh_token_test, every_byte_of_both_macs_counts) {
    const auto token = *parse_refresh_token(tokens_.issue(session_, 7, nonce_));
    for (std::size_t i = 0; i < token.inner.size(); ++i) {
        auto damaged = token;
        damaged.inner[i] ^= 1;
        EXPECT_FALSE(tokens_.is_genuine(damaged, nonce_, now)) << i;
        EXPECT_FALSE(tokens_.may_be_ours(damaged, now)) << i;
        damaged = token;
        (*damaged.outer)[i] ^= 1;
        EXPECT_FALSE(tokens_.is_genuine(damaged, nonce_, now)) << i;
        EXPECT_FALSE(tokens_.may_be_ours(damaged, now)) << i;
    }
}

TEST_F(refresh_token_test, what_is_not_ours_is_told_without_the_nonce) {
    const auto token = *parse_refresh_token(tokens_.issue(session_, 7, nonce_));
    EXPECT_TRUE(tokens_.may_be_ours(token, now));
    auto other = token;
    other.session = uuid::random();
    EXPECT_FALSE(tokens_.may_be_ours(other, now));
    other = token;
    other.generation = 8;
    EXPECT_FALSE(tokens_.may_be_ours(other, now));
    tokens_.replace_keys({key_of(1, false), key_of(2)});
    EXPECT_TRUE(tokens_.may_be_ours(token, now));
    tokens_.replace_keys({key_of(1, false, now), key_of(2)});
    EXPECT_FALSE(tokens_.may_be_ours(token, now));
}

TEST_F(refresh_token_test, the_outer_mac_alone_makes_no_token) {
    auto token = *parse_refresh_token(tokens_.issue(session_, 7, nonce_));
    EXPECT_TRUE(tokens_.may_be_ours(token, now));
    const auto other_nonce = uuid::random().bytes();
    EXPECT_FALSE(tokens_.is_genuine(token, other_nonce, now));
    token.outer.reset();
    EXPECT_FALSE(tokens_.is_genuine(token, nonce_, now)) << "the versions do not stand for each other";
}

TEST_F(refresh_token_test, one_of_version_1_is_still_genuine) {
    const auto text = test::first_refresh_token(key_of(1), session_, 7, nonce_);
    EXPECT_EQ(text.size(), 76u);
    const auto token = parse_refresh_token(text);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->session, session_);
    EXPECT_EQ(token->generation, 7u);
    EXPECT_TRUE(tokens_.is_genuine(*token, nonce_, now));
    EXPECT_TRUE(tokens_.may_be_ours(*token, now));
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto damaged = text;
        damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(is_genuine(damaged)) << i;
    }
}

TEST_F(refresh_token_test, a_token_with_any_character_changed_is_refused) {
    const auto text = tokens_.issue(session_, 7, nonce_);
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto damaged = text;
        damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(is_genuine(damaged)) << i;
    }
}

TEST_F(refresh_token_test, refuses_other_lengths) {
    const auto text = tokens_.issue(session_, 7, nonce_);
    for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(parse_refresh_token(text.substr(0, size)));
    for (const auto& longer : {text + 'A', text + "AAAA", text + '=', text + ' ', text + text}) {
        EXPECT_FALSE(parse_refresh_token(longer)) << longer;
    }
}

TEST_F(refresh_token_test, refuses_another_alphabet_and_another_version) {
    const auto text = tokens_.issue(session_, 7, nonce_);
    for (const char c : {'+', '/', '=', ' ', '\n', '\0', '.', '%'}) {
        for (const std::size_t i : {std::size_t{0}, text_size / 2, text_size - 1}) {
            auto damaged = text;
            damaged[i] = c;
            EXPECT_FALSE(parse_refresh_token(damaged));
        }
    }
    auto bytes = *from_base64url(text);
    for (const char version : {0, 1, 3, -1}) {
        bytes[0] = version;
        EXPECT_FALSE(parse_refresh_token(to_base64url(bytes)));
    }
}

TEST_F(refresh_token_test, one_key_signs_and_all_verify) {
    const auto old_text = tokens_.issue(session_, 7, nonce_);
    tokens_.replace_keys({key_of(1, false), key_of(2)});
    const auto new_text = tokens_.issue(session_, 7, nonce_);
    EXPECT_NE(new_text, old_text);
    EXPECT_TRUE(is_genuine(old_text));
    EXPECT_TRUE(is_genuine(new_text));
    tokens_.replace_keys({key_of(2)});
    EXPECT_FALSE(is_genuine(old_text));
    EXPECT_TRUE(is_genuine(new_text));
}

TEST_F(refresh_token_test, a_key_verifies_until_its_end_and_no_longer) {
    const auto token = *parse_refresh_token(tokens_.issue(session_, 7, nonce_));
    tokens_.replace_keys({key_of(1, false, now), key_of(2)});
    EXPECT_TRUE(tokens_.is_genuine(token, nonce_, now - std::chrono::microseconds(1)));
    EXPECT_FALSE(tokens_.is_genuine(token, nonce_, now));
    tokens_.replace_keys({key_of(1, true, timestamp::min())});
    EXPECT_FALSE(tokens_.is_genuine(token, nonce_, now));
}

TEST_F(refresh_token_test, nothing_is_issued_without_a_key_that_signs) {
    tokens_.replace_keys({key_of(1, false)});
    EXPECT_THROW(tokens_.issue(session_, 7, nonce_), std::logic_error);
}

TEST_F(refresh_token_test, nothing_is_issued_or_genuine_without_a_key) {
    const auto text = tokens_.issue(session_, 7, nonce_);
    tokens_.replace_keys({});
    EXPECT_THROW(tokens_.issue(session_, 7, nonce_), std::logic_error);
    EXPECT_FALSE(is_genuine(text));
}

}  // namespace
}  // namespace userinfo
