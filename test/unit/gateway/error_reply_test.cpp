#include "gateway/error_reply.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/gateway/messages.h"

namespace userinfo::gateway {
namespace {

using test::values_of;
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

TEST(rejection_reply, has_the_status_of_the_rejection) {
    struct {
        http::rejection why;
        int code;
    } const cases[]{
        {http::rejection::malformed, 300005},      {http::rejection::headers_too_large, 300005},
        {http::rejection::body_too_large, 300004}, {http::rejection::timed_out, 300005},
        {http::rejection::version, 300005},
    };
    for (const auto& [why, code] : cases) {
        const auto reply = make_rejection_reply(why);
        EXPECT_EQ(reply.status, http::status_of(why));
        EXPECT_TRUE(reply.body.starts_with("{\"code\":" + std::to_string(code) + ",\"msg\":\"")) << reply.body;
    }
}

TEST(route_reply, tells_a_path_that_is_not_there_from_a_method_that_is_not) {
    const auto missing = make_route_reply({.outcome = http::router::outcome::not_found});
    EXPECT_EQ(missing.status, 404U);
    EXPECT_TRUE(missing.body.starts_with(R"({"code":300001,)")) << missing.body;
    EXPECT_EQ(values_of(missing, "Allow"), values{});

    const auto refused = make_route_reply({.outcome = http::router::outcome::method_not_allowed, .allow = "GET, HEAD"});
    EXPECT_EQ(refused.status, 405U);
    EXPECT_TRUE(refused.body.starts_with(R"({"code":300002,)")) << refused.body;
    EXPECT_EQ(values_of(refused, "Allow"), values{"GET, HEAD"});
}

}  // namespace
}  // namespace userinfo::gateway
