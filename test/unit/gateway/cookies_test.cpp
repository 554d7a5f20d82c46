#include "gateway/cookies.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using namespace std::chrono_literals;
using lines = std::vector<std::string>;

const token_grant grant{.access_token = "aaa",
                        .refresh_token = "rrr",
                        .access_lifetime = 15min,
                        .refresh_lifetime = 24h,
                        .transport = transport::cookie};

lines set_tokens(const cookies& cookies) {
    http::reply reply;
    cookies.set_tokens(reply, grant);
    return http::test::values_of(reply, "Set-Cookie");
}

lines cleared(const cookies& cookies) {
    http::reply reply;
    cookies.clear_all(reply);
    return http::test::values_of(reply, "Set-Cookie");
}

TEST(cookies, live_as_long_as_the_session_and_are_for_no_script) {
    EXPECT_EQ(set_tokens(cookies(false, false)),
              (lines{"refresh_token=rrr; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax",
                     "access_token=aaa; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax"}));
}

TEST(cookies, over_https_are_bound_to_the_host_and_the_site) {
    EXPECT_EQ(set_tokens(cookies(true, false)),
              (lines{"__Host-refresh_token=rrr; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Strict",
                     "__Host-access_token=aaa; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Strict"}));
}

TEST(cookies, hold_a_device_for_four_hundred_days) {
    auto of_log_in = grant;
    of_log_in.device = "ddd";
    struct {
        bool secure, compatible;
        const char* expected;
    } const cases[]{
        {false, false, "device=ddd; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax"},
        {true, true, "device=ddd; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax"},
        {true, false, "__Host-device=ddd; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Strict"},
    };
    for (const auto& [secure, compatible, expected] : cases) {
        http::reply reply;
        cookies(secure, compatible).set_tokens(reply, of_log_in);
        const auto all = http::test::values_of(reply, "Set-Cookie");
        ASSERT_EQ(all.size(), 3U);
        EXPECT_EQ(all[0], expected);
        EXPECT_TRUE(all[2].contains("access_token=")) << "the last one";
    }
}

TEST(cookies, with_compatible_names_over_https_are_still_secure) {
    EXPECT_EQ(set_tokens(cookies(true, true)),
              (lines{"refresh_token=rrr; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax",
                     "access_token=aaa; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax"}));
}

TEST(cookies, are_read_by_the_names_under_which_they_are_set) {
    struct {
        bool secure, compatible;
        const char* access;
    } const cases[]{{false, false, "access_token"},
                    {false, true, "access_token"},
                    {true, true, "access_token"},
                    {true, false, "__Host-access_token"}};
    for (const auto& [secure, compatible, access] : cases) {
        const cookies cookies(secure, compatible);
        EXPECT_EQ(cookies.names().access, access);
        EXPECT_TRUE(set_tokens(cookies).back().starts_with(std::string(access) + '='));
    }
}

TEST(cookies, are_cleared_under_every_name_that_ever_was) {
    for (const bool secure : {false, true}) {
        const auto all = cleared(cookies(secure, false));
        const lines names{"access_token", "refresh_token", "__Host-access_token", "__Host-refresh_token",
                          "userinfo_version"};
        ASSERT_EQ(all.size(), names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            EXPECT_TRUE(all[i].starts_with(names[i] + "=; Path=/; Max-Age=0; HttpOnly")) << all[i];
            // A browser takes the deletion of a __Host- cookie only with Secure.
            EXPECT_EQ(all[i].contains("; Secure"), secure || names[i].starts_with("__Host-")) << all[i];
        }
    }
}

TEST(cookies, hold_the_seen_version_for_two_minutes) {
    http::reply reply;
    cookies(false, false).set_seen_version(reply, "id.7");
    cookies(true, false).set_seen_version(reply, "id.8");
    cookies(true, false).clear_seen_version(reply);
    EXPECT_EQ(http::test::values_of(reply, "Set-Cookie"),
              (lines{"userinfo_version=id.7; Path=/; Max-Age=120; HttpOnly; SameSite=Lax",
                     "userinfo_version=id.8; Path=/; Max-Age=120; HttpOnly; Secure; SameSite=Strict",
                     "userinfo_version=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"}));
}

}  // namespace
}  // namespace userinfo::gateway
