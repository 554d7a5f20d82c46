// Access tokens: nothing verifies but what our key has signed, in our form, for us, and in time. The input's first byte
// says how the token is made.
#include "tokens/access_token.h"

#include <chrono>
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "fuzz/fixed_key.h"
#include "fuzz/input.h"
#include "support/manual_clock.h"
#include "support/token_forge.h"

namespace userinfo {
namespace {

using fuzz::require;

class verifier {
public:
    verifier() {
        std::vector<access_key> keys;
        keys.push_back({.kid = "ours", .key = fuzz::fixed_key(), .signs = true});
        keys_.replace(std::make_shared<access_key_set>(std::move(keys)));
    }

    // Bytes as they come: the fuzzer cannot sign.
    void check_raw(std::string_view text) { require(!tokens_.verify(text), "a token that nobody signed is refused"); }

    // Claims of any kind, signed by us.
    void check_claims(std::string_view payload) {
        const auto token = test::forge(key_, test::header_of("ours"), payload);
        const auto verified = tokens_.verify(token);
        if (!verified) {
            require(verified.error() != token_error::bad_signature, "our own signature is right");
            return;
        }
        const auto claims = boost::json::parse(payload).as_object();
        require(claims.at("iss") == boost::json::value(test::forge_settings.issuer), "it is from us");
        require(claims.at("aud") == boost::json::value(test::forge_settings.audience), "it is for us");
        require((*verified)->subject.to_string() == claims.at("sub").as_string(), "the subject is the claims'");
        require((*verified)->session.to_string() == claims.at("sid").as_string(), "the session is the claims'");
        require((*verified)->expires_at > clock_.now(), "it has not expired");
        require((*verified)->issued_at <= clock_.now() + std::chrono::seconds(30), "it is not from the future");
    }

    // A header of any kind over good claims, signed by us.
    void check_header(std::string_view header) {
        const auto payload = boost::json::serialize(test::good_claims(clock_.now()));
        const bool verified = tokens_.verify(test::forge(key_, header, payload)).has_value();
        require(verified == (header == test::header_of("ours")), "one header is accepted, byte for byte");
    }

    // A genuine token with something changed.
    void check_edited(fuzz::input edits) {
        const auto genuine =
            test::forge(key_, test::header_of("ours"), boost::json::serialize(test::good_claims(clock_.now())));
        const auto token = fuzz::edited(genuine, edits);
        // Once before the genuine one is known as right, and once after.
        require(tokens_.verify(token).has_value() == (token == genuine), "a changed token is refused");
        require(tokens_.verify(genuine).has_value(), "the genuine token is accepted");
        require(tokens_.verify(token).has_value() == (token == genuine), "a changed token is refused later, too");
    }

private:
    const es256_key key_ = fuzz::fixed_key();
    test::manual_clock clock_;
    access_keys keys_;
    access_tokens tokens_{test::forge_settings, keys_, clock_};
};

void check(fuzz::input input) {
    static verifier verifier;
    switch (input.byte() % 4) {
        case 0: return verifier.check_raw(input.rest());
        case 1: return verifier.check_claims(input.rest());
        case 2: return verifier.check_header(input.rest());
        case 3: return verifier.check_edited(input);
    }
}

}  // namespace
}  // namespace userinfo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::check({data, size});
    return 0;
}
