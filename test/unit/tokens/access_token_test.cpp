#include "tokens/access_token.h"

#include <fstream>
#include <stdexcept>

#include "base/log.h"
#include "support/scratch_folder.h"
#include "unit/tokens/access_token_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;

using access_token_test = test::access_token_fixture;

TEST_F(access_token_test, gives_back_the_claims_that_were_issued) {
    const auto issued = claims();
    const auto verified = tokens_.verify(tokens_.issue(issued));
    ASSERT_TRUE(verified);
    EXPECT_EQ((*verified)->subject, issued.subject);
    EXPECT_EQ((*verified)->session, issued.session);
    EXPECT_EQ((*verified)->client, issued.client);
    EXPECT_EQ((*verified)->amr, issued.amr);
    EXPECT_EQ((*verified)->issued_at, issued.issued_at);
    EXPECT_EQ((*verified)->expires_at, issued.expires_at);
    EXPECT_EQ((*verified)->auth_time, issued.auth_time);
    EXPECT_EQ((*verified)->token_id, issued.token_id);
    EXPECT_EQ((*verified)->generation, 7u);
}

TEST_F(access_token_test, holds_the_claims_of_rfc_9068_its_session_and_its_generation_and_no_others) {
    const auto issued = claims();
    const auto token = tokens_.issue(issued);
    const auto dot = token.find('.');
    EXPECT_EQ(from_base64url(token.substr(0, dot)), test::header_of("ours"));
    const auto payload = token.substr(dot + 1, token.rfind('.') - dot - 1);
    const auto object = boost::json::parse(*from_base64url(payload)).as_object();
    EXPECT_EQ(object.size(), 11u);
    EXPECT_EQ(object.at("gen"), 7);
    EXPECT_EQ(object.at("iss"), "https://id.example");
    EXPECT_EQ(object.at("aud"), "https://api.example");
    EXPECT_EQ(object.at("sub"), issued.subject.to_string().c_str());
    EXPECT_EQ(object.at("sid"), issued.session.to_string().c_str());
    EXPECT_EQ(object.at("client_id"), "web");
    EXPECT_EQ(object.at("iat"), issued.issued_at.time_since_epoch().count());
    EXPECT_EQ(object.at("exp"), issued.expires_at.time_since_epoch().count());
    EXPECT_EQ(object.at("auth_time"), issued.auth_time.time_since_epoch().count());
    EXPECT_EQ(object.at("jti"), issued.token_id.to_string().c_str());
    EXPECT_EQ(object.at("amr"), (boost::json::array{"pwd", "otp"}));
}

TEST_F(access_token_test, one_that_tells_no_generation_is_good) {
    auto issued = claims();
    issued.generation = 0;
    const auto token = tokens_.issue(issued);
    const auto dot = token.find('.');
    const auto payload = from_base64url(token.substr(dot + 1, token.rfind('.') - dot - 1));
    EXPECT_FALSE(boost::json::parse(*payload).as_object().contains("gen"));
    EXPECT_EQ((*tokens_.verify(token))->generation, 0u);
}

TEST_F(access_token_test, is_good_until_its_expiry_and_no_longer) {
    const auto issued = claims();
    const auto token = tokens_.issue(issued);
    clock_.set(issued.expires_at - 1us);
    EXPECT_EQ(why_refused(token), std::nullopt);
    clock_.set(issued.expires_at);
    EXPECT_EQ(why_refused(token), token_error::expired);
    EXPECT_EQ((*tokens_.verify_signature(token))->session, issued.session);
}

TEST_F(access_token_test, an_expired_one_is_refused_at_first_sight_too) {
    const auto issued = claims();
    const auto token = tokens_.issue(issued);
    clock_.set(issued.expires_at + 24h);
    EXPECT_EQ(why_refused(token), token_error::expired);
}

TEST_F(access_token_test, one_from_more_than_30_s_in_the_future_counts_as_expired) {
    auto object = test::good_claims(clock_.now() + 30s);
    EXPECT_EQ(why_refused(forged(object)), std::nullopt);
    object = test::good_claims(clock_.now() + 31s);
    EXPECT_EQ(why_refused(forged(object)), token_error::expired);
}

TEST_F(access_token_test, warns_of_tokens_from_the_future_but_not_of_each) {
    const test::scratch_folder folder;
    const auto file = folder / "userinfo.log";
    open_log({.level = log_level::warning, .format = log_format::json, .file = file.string()});
    why_refused(forged(test::good_claims(clock_.now() + 30s)));
    for (int i = 0; i < 3; ++i) why_refused(forged(test::good_claims(clock_.now() + 45s)));
    close_log();
    std::ifstream log(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(log, line);) lines.push_back(line);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_TRUE(lines[0].contains("rejected an access token from the future")) << lines[0];
    EXPECT_TRUE(lines[0].contains(R"("ahead_s":45)")) << lines[0];
}

TEST_F(access_token_test, counts_as_expired_while_the_clock_is_set_back_even_if_it_was_seen_before) {
    const auto issued = claims();
    const auto token = tokens_.issue(issued);
    EXPECT_EQ(why_refused(token), std::nullopt);
    clock_.advance(-31s);
    EXPECT_EQ(why_refused(token), token_error::expired);
    EXPECT_EQ((*tokens_.verify_signature(token))->session, issued.session);
    clock_.advance(1s);
    EXPECT_EQ(why_refused(token), std::nullopt);
}

TEST_F(access_token_test, refuses_another_issuer_or_audience) {
    for (const auto* name : {"iss", "aud"}) {
        for (const auto* value : {"https://id.example/", "https://ID.example", "https://evil.example", ""}) {
            auto object = test::good_claims(clock_.now());
            object[name] = value;
            EXPECT_EQ(why_refused(forged(object)), token_error::not_for_us) << name << ' ' << value;
        }
    }
}

TEST_F(access_token_test, one_for_another_issuer_or_audience_ends_its_session_and_does_nothing_else) {
    for (const auto* name : {"iss", "aud"}) {
        auto object = test::good_claims(clock_.now());
        object[name] = "https://former.example";
        const auto token = forged(object);
        const auto claims = tokens_.verify_signature(token);
        ASSERT_TRUE(claims) << name;
        EXPECT_EQ((*claims)->session.to_string(), object.at("sid").as_string().c_str());
        EXPECT_EQ(why_refused(token), token_error::not_for_us) << "although its signature is known now";
        EXPECT_FALSE(tokens_.verify_signature(
            test::forge(es256_key::generate(), test::header_of("ours"), boost::json::serialize(object))));
    }
}

// Of the forger's making or ours: what a back end has is no key to the account.
TEST_F(access_token_test, one_for_a_back_end_is_not_taken_whatever_its_audience) {
    for (const auto* audience : {"https://back.example", "https://api.example"}) {
        const auto token = tokens_.issue_for_back_end(claims(), audience);
        EXPECT_EQ(why_refused(token), token_error::malformed) << audience;
        const auto known = tokens_.verify_signature(token);
        ASSERT_FALSE(known) << "it would log its user out";
        EXPECT_EQ(known.error(), token_error::malformed);
    }
}

TEST_F(access_token_test, one_for_a_back_end_says_what_ours_say_but_for_the_generation) {
    const auto issued = claims();
    const auto token = tokens_.issue_for_back_end(issued, "https://back.example");
    const auto dot = token.find('.');
    EXPECT_EQ(from_base64url(token.substr(0, dot)), test::header_of("ours"));
    const auto payload = token.substr(dot + 1, token.rfind('.') - dot - 1);
    EXPECT_TRUE(key_.verify(token.substr(0, token.rfind('.')), *from_base64url(token.substr(token.rfind('.') + 1))));
    auto object = boost::json::parse(*from_base64url(payload)).as_object();
    EXPECT_EQ(object.at("aud"), "https://back.example");
    EXPECT_EQ(object.at("token_use"), "back_end");
    const auto own = tokens_.issue(issued);
    const auto own_payload = own.substr(own.find('.') + 1, own.rfind('.') - own.find('.') - 1);
    auto expected = boost::json::parse(*from_base64url(own_payload)).as_object();
    object.erase("token_use");
    object.erase("aud");
    expected.erase("gen");
    expected.erase("aud");
    EXPECT_EQ(object, expected);
}

TEST_F(access_token_test, refuses_a_token_signed_by_another_key) {
    const auto other = es256_key::generate();
    const auto payload = boost::json::serialize(test::good_claims(clock_.now()));
    EXPECT_EQ(why_refused(test::forge(key_, test::header_of("ours"), payload)), std::nullopt);
    EXPECT_EQ(why_refused(test::forge(other, test::header_of("ours"), payload)), token_error::bad_signature);
    EXPECT_EQ(why_refused(test::forge(other, test::header_of("theirs"), payload)), token_error::malformed);
}

TEST_F(access_token_test, refuses_one_of_a_key_that_is_past_its_time_even_if_it_was_seen_before) {
    const auto token = tokens_.issue(claims());
    EXPECT_EQ(why_refused(token), std::nullopt);
    use_our_key(clock_.now() + 1s);
    EXPECT_EQ(why_refused(token), std::nullopt);
    clock_.advance(1s);
    EXPECT_EQ(why_refused(token), token_error::expired);
    EXPECT_FALSE(tokens_.verify_signature(token));
}

TEST_F(access_token_test, refuses_one_of_a_key_that_is_gone_even_if_it_was_seen_before) {
    const auto token = tokens_.issue(claims());
    EXPECT_EQ(why_refused(token), std::nullopt);
    keys_.replace(std::make_shared<access_key_set>(std::vector<access_key>()));
    EXPECT_EQ(why_refused(token), token_error::malformed);
}

TEST_F(access_token_test, counts_as_expired_if_its_key_is_known_to_be_gone) {
    const auto token = tokens_.issue(claims());
    EXPECT_EQ(why_refused(token), std::nullopt);
    keys_.replace(std::make_shared<access_key_set>(std::vector<access_key>(), std::vector<std::string>{"ours"}));
    EXPECT_EQ(why_refused(token), token_error::expired);
    EXPECT_FALSE(tokens_.verify_signature(token));
    EXPECT_EQ(why_refused(forged(test::good_claims(clock_.now()), test::header_of("theirs"))), token_error::malformed);
}

TEST_F(access_token_test, verifies_the_tokens_of_an_older_key_and_signs_with_the_newest) {
    const auto old_token = tokens_.issue(claims());
    std::vector<access_key> keys;
    keys.push_back({.kid = "ours", .key = test::copy_of(key_)});
    keys.push_back({.kid = "newer", .key = es256_key::generate(), .signs = true});
    keys_.replace(std::make_shared<access_key_set>(std::move(keys)));
    EXPECT_EQ(why_refused(old_token), std::nullopt);
    const auto token = tokens_.issue(claims());
    EXPECT_EQ(from_base64url(token.substr(0, token.find('.'))), test::header_of("newer"));
    EXPECT_EQ(why_refused(token), std::nullopt);
}

TEST(access_key_set, signs_nothing_without_a_key_that_signs) {
    std::vector<access_key> keys;
    keys.push_back({.kid = "retiring", .key = es256_key::generate()});
    EXPECT_THROW(access_key_set(std::move(keys)).signing_key(), std::logic_error);
    EXPECT_THROW(access_key_set({}).signing_key(), std::logic_error);
}

TEST(access_key_set, does_not_publish_what_verifies_nothing) {
    std::vector<access_key> keys;
    keys.push_back({.kid = "a", .key = es256_key::generate(), .signs = true, .verify_until = timestamp::min()});
    EXPECT_EQ(access_key_set(std::move(keys), {"b"}).jwks(), R"({"keys":[]})");
}

TEST(access_key_set, publishes_the_public_parts_and_nothing_else) {
    const auto key = es256_key::generate();
    std::vector<access_key> keys;
    keys.push_back({.kid = "a", .key = test::copy_of(key), .signs = true});
    keys.push_back({.kid = "b", .key = es256_key::generate()});
    const auto published = boost::json::parse(access_key_set(std::move(keys)).jwks()).as_object();
    ASSERT_EQ(published.at("keys").as_array().size(), 2u);
    const boost::json::object expected{{"kty", "EC"}, {"crv", "P-256"}, {"x", key.x()},  {"y", key.y()},
                                       {"kid", "a"},  {"use", "sig"},   {"alg", "ES256"}};
    EXPECT_EQ(published.at("keys").at(0).as_object(), expected);
}

}  // namespace
}  // namespace userinfo
