#include <sodium.h>

#include "unit/tokens/access_token_fixture.h"

namespace userinfo {
namespace {

using access_token_forgery = test::access_token_fixture;

std::string hmac_sha256(std::string_view secret, std::string_view text) {
    crypto_auth_hmacsha256_state state;
    std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(mac.data()));
    return mac;
}

TEST_F(access_token_forgery, every_header_but_our_own_is_refused_though_our_key_signed_it) {
    const auto object = test::good_claims(clock_.now());
    ASSERT_EQ(why_refused(forged(object)), std::nullopt);
    for (const std::string header : {
             R"({"alg":"none","kid":"ours","typ":"at+jwt"})",
             R"({"alg":"None","kid":"ours","typ":"at+jwt"})",
             R"({"alg":"HS256","kid":"ours","typ":"at+jwt"})",
             R"({"alg":"ES384","kid":"ours","typ":"at+jwt"})",
             R"({"alg":"es256","kid":"ours","typ":"at+jwt"})",
             R"({"kid":"ours","typ":"at+jwt"})",
             R"({"alg":"ES256","kid":"ours","typ":"JWT"})",
             R"({"alg":"ES256","kid":"ours","typ":"application/at+jwt"})",
             R"({"alg":"ES256","kid":"ours"})",
             R"({"alg":"ES256","typ":"at+jwt"})",
             R"({"alg":"ES256","kid":"","typ":"at+jwt"})",
             R"({"alg":"ES256","kid":"../ours","typ":"at+jwt"})",
             R"({"alg":"ES256","kid":"ours","typ":"at+jwt","crit":["exp"]})",
             R"({"alg":"ES256","kid":"ours","typ":"at+jwt","crit":[],"b64":false})",
             R"({"alg":"ES256","kid":"ours","typ":"at+jwt","jku":"https://evil.example/keys"})",
             R"({"alg":"ES256","kid":"ours","typ":"at+jwt","x5u":"https://evil.example/cert"})",
             R"({"alg":"ES256","kid":"ours","typ":"at+jwt","jwk":{"kty":"EC"}})",
             R"({"alg":"ES256","kid":"ours","typ":"at+jwt","zip":"DEF"})",
             R"({"alg":"none","alg":"ES256","kid":"ours","typ":"at+jwt"})",
             R"({"alg":"ES256","alg":"ES256","kid":"ours","typ":"at+jwt"})",
             R"({"alg":"ES256","kid":"ours","kid":"ours","typ":"at+jwt"})",
             R"({"alg":"ES256","kid":"ours","typ":"at+jwt"} )",
             R"({ "alg":"ES256","kid":"ours","typ":"at+jwt"})",
             R"([])",
             R"()",
         }) {
        EXPECT_EQ(why_refused(forged(object, header)), token_error::malformed) << header;
    }
}

TEST_F(access_token_forgery, an_unsigned_token_is_refused) {
    const auto payload = to_base64url(boost::json::serialize(test::good_claims(clock_.now())));
    EXPECT_TRUE(why_refused(to_base64url(R"({"alg":"none"})") + '.' + payload + '.'));
    EXPECT_TRUE(why_refused(to_base64url(test::header_of("ours")) + '.' + payload + '.'));
    EXPECT_TRUE(why_refused(to_base64url(test::header_of("ours")) + '.' + payload));
}

TEST_F(access_token_forgery, the_public_key_is_no_hmac_secret) {
    const auto payload = to_base64url(boost::json::serialize(test::good_claims(clock_.now())));
    const auto point = "\x04" + *from_base64url(key_.x()) + *from_base64url(key_.y());
    for (const auto& secret : {keys_.current()->jwks(), point, key_.x(), key_.x() + key_.y()}) {
        for (const auto* algorithm : {"HS256", "ES256"}) {
            const auto header = R"({"alg":")" + std::string(algorithm) + R"(","kid":"ours","typ":"at+jwt"})";
            const auto text = to_base64url(header) + '.' + payload;
            const auto mac = hmac_sha256(secret, text);
            EXPECT_TRUE(why_refused(text + '.' + to_base64url(mac)));
            EXPECT_TRUE(why_refused(text + '.' + to_base64url(mac + mac)));
        }
    }
}

TEST_F(access_token_forgery, a_token_with_any_character_changed_is_refused) {
    const auto token = forged(test::good_claims(clock_.now()));
    ASSERT_EQ(why_refused(token), std::nullopt);
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto damaged = token;
        damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
        EXPECT_TRUE(why_refused(damaged)) << i;
        EXPECT_FALSE(tokens_.verify_signature(damaged)) << i;
    }
}

TEST_F(access_token_forgery, nothing_is_said_of_the_claims_of_a_token_whose_signature_is_wrong) {
    auto expired = test::good_claims(clock_.now());
    expired["exp"] = 1;
    auto for_another = test::good_claims(clock_.now());
    for_another["aud"] = "another";
    for (const auto& object : {expired, for_another}) {
        const auto payload = boost::json::serialize(object);
        ASSERT_NE(why_refused(test::forge(key_, test::header_of("ours"), payload)), token_error::bad_signature);
        const auto forged = test::forge(es256_key::generate(), test::header_of("ours"), payload);
        EXPECT_EQ(why_refused(forged), token_error::bad_signature) << payload;
    }
}

TEST_F(access_token_forgery, the_parts_of_two_tokens_do_not_make_a_third) {
    const auto mine = tokens_.issue(claims());
    const auto theirs = tokens_.issue(claims());
    const auto mixed = theirs.substr(0, theirs.rfind('.')) + mine.substr(mine.rfind('.'));
    EXPECT_EQ(why_refused(mixed), token_error::bad_signature);
}

TEST_F(access_token_forgery, what_has_not_three_parts_is_refused) {
    const auto token = tokens_.issue(claims());
    const auto header = token.substr(0, token.find('.'));
    for (const auto& text : {std::string(), std::string("."), std::string(".."), std::string("..."), header,
                             header + ".", header + "..", '.' + token, token + '.', token + ".e30", token + '=',
                             token + ' ', ' ' + token, token + '\n', token + std::string(1, '\0'), "Bearer " + token}) {
        EXPECT_TRUE(why_refused(text)) << text;
    }
}

TEST_F(access_token_forgery, a_token_over_4096_bytes_is_refused) {
    auto object = test::good_claims(clock_.now());
    std::size_t largest = 0;
    std::size_t smallest_refused = SIZE_MAX;
    for (std::size_t size = 2500; size < 2700; ++size) {
        object["client_id"] = std::string(size, 'c');
        const auto token = forged(object);
        if (!why_refused(token))
            largest = std::max(largest, token.size());
        else
            smallest_refused = std::min(smallest_refused, token.size());
    }
    EXPECT_GE(largest, 4095u);
    EXPECT_LE(largest, 4096u);
    EXPECT_GE(smallest_refused, 4097u);
    EXPECT_LE(smallest_refused, 4098u);
    EXPECT_EQ(why_refused(std::string(1'000'000, '.')), token_error::malformed);
}

TEST_F(access_token_forgery, a_claim_that_is_missing_or_of_another_type_is_refused) {
    const auto good = test::good_claims(clock_.now());
    for (const auto& member : good) {
        auto object = good;
        object.erase(member.key());
        EXPECT_EQ(why_refused(forged(object)), token_error::malformed) << member.key();
        for (const auto& wrong : boost::json::array{nullptr, true, 1.5, boost::json::object()}) {
            object[member.key()] = wrong;
            EXPECT_EQ(why_refused(forged(object)), token_error::malformed) << member.key() << ' ' << wrong;
        }
    }
    for (const auto* name : {"sub", "sid", "jti"}) {
        auto object = good;
        object[name] = "0123ABCD-4567-4DEF-89AB-CDEF01234567";
        EXPECT_EQ(why_refused(forged(object)), token_error::malformed) << name;
    }
    for (const auto* name : {"iat", "exp", "auth_time"}) {
        auto object = good;
        object[name] = "4000000000";
        EXPECT_EQ(why_refused(forged(object)), token_error::malformed) << name;
    }
    for (const auto* name : {"iat", "exp", "auth_time"}) {
        for (const std::int64_t wrong : {INT64_MIN, std::int64_t(-1), INT64_MAX / 1'000'000 + 1, INT64_MAX}) {
            auto object = good;
            object[name] = wrong;
            EXPECT_EQ(why_refused(forged(object)), token_error::malformed) << name << ' ' << wrong;
        }
    }
    for (const auto& wrong : boost::json::array{0, -1, "7", 1.5, nullptr}) {
        auto object = good;
        object["gen"] = wrong;
        EXPECT_EQ(why_refused(forged(object)), token_error::malformed) << wrong;
    }
    auto several = good;
    several["aud"] = boost::json::array{good.at("aud")};
    EXPECT_EQ(why_refused(forged(several)), token_error::malformed);
}

TEST_F(access_token_forgery, a_member_that_is_there_twice_is_refused) {
    const auto good = boost::json::serialize(test::good_claims(clock_.now()));
    const auto behind = good.substr(0, good.size() - 1) + ',';
    ASSERT_EQ(why_refused(test::forge(key_, test::header_of("ours"), behind + R"("new":1})")), std::nullopt);
    for (const auto& payload : {behind + R"("iss":"https://id.example"})", behind + R"("amr":["pwd"]})",
                                behind + R"("new":1,"new":1})", behind + R"("\u0069ss":"https://id.example"})",
                                behind + R"("new":{"a":1,"a":1}})", behind + R"("new":[{"a":{"b":1,"b":2}}]})"}) {
        EXPECT_EQ(why_refused(test::forge(key_, test::header_of("ours"), payload)), token_error::malformed) << payload;
    }
    const auto nested = behind + R"("new":{"iss":1,"a":{"iss":1}},"more":[{"a":1},{"a":1}]})";
    EXPECT_EQ(why_refused(test::forge(key_, test::header_of("ours"), nested)), std::nullopt);
}

TEST_F(access_token_forgery, a_payload_that_is_no_json_object_is_refused) {
    const auto good = boost::json::serialize(test::good_claims(clock_.now()));
    for (const auto& payload : {std::string(), std::string("[]"), std::string("null"), std::string("{"), good + "x",
                                good + good, good.substr(0, good.size() - 1)}) {
        EXPECT_EQ(why_refused(test::forge(key_, test::header_of("ours"), payload)), token_error::malformed) << payload;
    }
}

}  // namespace
}  // namespace userinfo
