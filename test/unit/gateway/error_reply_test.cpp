#include "gateway/error_reply.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using http::test::values_of;
using values = std::vector<std::string>;

constexpr failure_codes codes{.bad_request = 11, .conflict = 12, .not_found = 13, .failed = 14};

error error_of(errc code) { return {.code = code, .message = "No."}; }

TEST(error_reply, has_the_status_and_the_code_of_its_error) {
    struct {
        errc code;
        unsigned status;
        int envelope;
    } const cases[]{
        {errc::invalid_argument, 400, 11},
        {errc::already_exists, 409, 12},
        {errc::wrong_credentials, 401, 200007},
        {errc::wrong_password, 403, 200013},
        {errc::account_suspended, 403, 200012},
        {errc::invalid_token, 401, 200008},
        {errc::token_expired, 401, 200009},
        {errc::not_found, 404, 13},
        {errc::version_mismatch, 412, 100005},
        {errc::too_many_attempts, 429, 200010},
        {errc::overloaded, 503, 14},
        {errc::unavailable, 503, 14},
        {errc::internal, 500, 14},
    };
    for (const auto& [code, status, envelope] : cases) {
        const auto reply = make_error_reply(error_of(code), codes);
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.body, "{\"code\":" + std::to_string(envelope) + R"(,"msg":"No.","data":null})");
        EXPECT_EQ(reply.content_type, "application/json");
        EXPECT_EQ(values_of(reply, "WWW-Authenticate"), status == 401 ? values{"Bearer"} : values{});
        EXPECT_EQ(values_of(reply, "Retry-After").size(), status == 429 || status == 503 ? 1U : 0U) << status;
    }
}

TEST(error_reply, says_when_to_try_again) {
    using namespace std::chrono_literals;
    for (const auto code : {errc::too_many_attempts, errc::overloaded, errc::unavailable}) {
        auto why = error_of(code);
        EXPECT_EQ(values_of(make_error_reply(why, codes), "Retry-After"), values{"1"});
        why.retry_after = 90s;
        EXPECT_EQ(values_of(make_error_reply(why, codes), "Retry-After"), values{"90"});
    }
}

TEST(error_reply, names_the_field_at_fault) {
    const error why{.code = errc::invalid_argument, .message = "Say \"why\".", .field = "email", .reason = "invalid"};
    EXPECT_EQ(make_error_reply(why, codes).body,
              R"({"code":11,"msg":"Say \"why\".","data":{"field":"email","reason":"invalid"}})");
}

}  // namespace
}  // namespace userinfo::gateway
