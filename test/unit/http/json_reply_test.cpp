#include "http/json_reply.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/http/messages.h"

namespace userinfo::http {
namespace {

using test::values_of;
using values = std::vector<std::string>;

TEST(rejection_reply, has_the_status_of_the_rejection) {
    struct {
        rejection why;
        int code;
    } const cases[]{
        {rejection::malformed, 300005},      {rejection::headers_too_large, 300005},
        {rejection::body_too_large, 300004}, {rejection::timed_out, 300005},
        {rejection::version, 300005},        {rejection::target_too_long, 300005},
        {rejection::unknown_method, 300002},
    };
    for (const auto& [why, code] : cases) {
        const auto reply = make_rejection_reply(why);
        EXPECT_EQ(reply.status, status_of(why));
        EXPECT_TRUE(reply.body.starts_with("{\"code\":" + std::to_string(code) + ",\"msg\":\"")) << reply.body;
    }
}

TEST(route_reply, tells_a_path_that_is_not_there_from_a_method_that_is_not) {
    const auto missing = make_route_reply({.outcome = router::outcome::not_found});
    EXPECT_EQ(missing.status, 404U);
    EXPECT_TRUE(missing.body.starts_with(R"({"code":300001,)")) << missing.body;
    EXPECT_EQ(values_of(missing, "Allow"), values{});

    const auto refused = make_route_reply({.outcome = router::outcome::method_not_allowed, .allow = "GET, HEAD"});
    EXPECT_EQ(refused.status, 405U);
    EXPECT_TRUE(refused.body.starts_with(R"({"code":300002,)")) << refused.body;
    EXPECT_EQ(values_of(refused, "Allow"), values{"GET, HEAD"});

    const auto options = make_route_reply({.outcome = router::outcome::options, .allow = "GET, HEAD, OPTIONS"});
    EXPECT_EQ(options.status, 204U);
    EXPECT_EQ(options.body, "");
    EXPECT_EQ(values_of(options, "Allow"), values{"GET, HEAD, OPTIONS"});

    const auto unknown = make_route_reply({.outcome = router::outcome::unknown_method});
    EXPECT_EQ(unknown.status, 501U);
    EXPECT_TRUE(unknown.body.starts_with(R"({"code":300002,)")) << unknown.body;
    EXPECT_EQ(values_of(unknown, "Allow"), values{});
}

}  // namespace
}  // namespace userinfo::http
