#include "unit/gateway/gateway_fixture.h"

namespace userinfo::gateway {
namespace {

using http::method;
using test::grant_for;
using list = std::vector<std::string>;

constexpr std::string_view both_cookies = "access_token=old-access; refresh_token=old-refresh";

class gateway_renewal : public test::gateway_fixture {
protected:
    gateway_renewal() {
        service_.on<use_cases::get_account>([](const call& call, const auto&) -> result<account> {
            if (call.access_token == "old-access") return failure(errc::token_expired, "Expired.");
            if (call.access_token != "new-access") return failure(errc::invalid_token, "Log in.");
            return account();
        });
        service_.on<use_cases::refresh>([this](const use_cases::refresh& asked) {
            refreshed_.push_back(asked.refresh_token);
            EXPECT_EQ(asked.transport, transport::cookie);
            return grant_for(transport::cookie);
        });
    }

    list refreshed_;
};

const list new_cookies{"refresh_token=new-refresh", "access_token=new-access"};
const list cleared_cookies{
    "access_token=", "refresh_token=", "__Host-access_token=", "__Host-refresh_token=", "userinfo_version="};

constexpr std::string_view start = "/api/pages/start";

bool says_nobody(const http::reply& reply) {
    return reply.status == 200 && reply.body.contains(R"("account_id":null)");
}

TEST_F(gateway_renewal, renews_an_expired_access_cookie_and_tries_again) {
    const auto reply = send(method::get, "/api/account", {{"Cookie", both_cookies}});
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(service_.calls, (list{"GetAccount old-access", "Refresh old-access", "GetAccount new-access"}));
    EXPECT_EQ(refreshed_, list{"old-refresh"});
    EXPECT_EQ(cookies_of(reply), new_cookies);
}

TEST_F(gateway_renewal, renews_a_missing_access_cookie_before_the_first_try) {
    const auto reply = send(method::get, "/api/account", {{"Cookie", "refresh_token=old-refresh"}});
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(service_.calls, (list{"Refresh ", "GetAccount new-access"}));
    EXPECT_EQ(cookies_of(reply), new_cookies);
}

TEST_F(gateway_renewal, marks_its_own_call_after_a_renewal_and_no_other) {
    std::vector<bool> marks;
    service_.on<use_cases::get_account>([&](const call& call, const auto&) -> result<account> {
        marks.push_back(call.renewed);
        if (call.access_token == "old-access") return failure(errc::token_expired, "Expired.");
        return account();
    });
    send(method::get, "/api/account", {{"Cookie", both_cookies}});
    send(method::get, "/api/account", {{"Cookie", "refresh_token=old-refresh"}});
    send(method::get, "/api/account", {{"Cookie", "access_token=new-access; refresh_token=new-refresh"}});
    EXPECT_EQ(marks, (std::vector<bool>{false, true, true, false}));
}

TEST_F(gateway_renewal, keeps_the_cookies_of_a_browser_that_was_overtaken_by_itself) {
    service_.on<use_cases::refresh>([] {
        return std::unexpected(
            error{.code = errc::invalid_token, .message = "Older.", .reason = std::string(superseded_token)});
    });
    const auto reply = send(method::get, "/api/account", {{"Cookie", both_cookies}});
    EXPECT_EQ(reply.status, 401U);
    EXPECT_EQ(cookies_of(reply), list());
}

TEST_F(gateway_renewal, sends_the_new_cookies_with_a_failure_too) {
    service_.on<use_cases::get_account>([](const call& call, const auto&) -> result<account> {
        if (call.access_token == "old-access") return failure(errc::token_expired, "Expired.");
        return failure(errc::unavailable, "Later.");
    });
    const auto reply = send(method::get, "/api/account", {{"Cookie", both_cookies}});
    EXPECT_EQ(reply.status, 503U);
    EXPECT_EQ(cookies_of(reply), new_cookies);
}

// As while a change of issuer or audience reaches one service after the other. The client is not told to log in.
TEST_F(gateway_renewal, does_not_renew_twice_and_calls_a_new_token_that_is_refused_a_fault_of_the_service) {
    service_.on<use_cases::get_account>([] { return failure(errc::token_expired, "Expired."); });
    for (const auto* cookies : {"access_token=old-access; refresh_token=old-refresh", "refresh_token=old-refresh"}) {
        refreshed_.clear();
        const auto reply = send(method::get, "/api/account", {{"Cookie", cookies}});
        EXPECT_EQ(reply.status, 503U) << cookies;
        EXPECT_EQ(http::test::values_of(reply, "Retry-After"), list{"1"});
        EXPECT_EQ(refreshed_, list{"old-refresh"});
        EXPECT_EQ(cookies_of(reply), new_cookies);
    }
}

TEST_F(gateway_renewal, does_not_renew_for_a_session_that_has_ended) {
    const auto reply = send(method::get, "/api/account", {{"Cookie", "access_token=dead; refresh_token=old-refresh"}});
    EXPECT_EQ(reply.status, 401U);
    EXPECT_EQ(refreshed_, list());
}

TEST_F(gateway_renewal, clears_the_cookies_if_the_refresh_token_is_dead) {
    service_.on<use_cases::refresh>([] { return failure(errc::invalid_token, "Log in."); });
    const auto reply = send(method::get, "/api/account", {{"Cookie", both_cookies}});
    EXPECT_EQ(reply.status, 401U);
    EXPECT_EQ(cookies_of(reply), cleared_cookies);
}

TEST_F(gateway_renewal, keeps_the_cookies_if_the_service_does_not_answer) {
    service_.on<use_cases::refresh>([] { return unavailable("Later.", std::chrono::seconds(3)); });
    const auto reply = send(method::get, "/api/account", {{"Cookie", both_cookies}});
    EXPECT_EQ(reply.status, 503U);
    EXPECT_EQ(http::test::values_of(reply, "Retry-After"), list{"3"});
    EXPECT_EQ(cookies_of(reply), list());
}

TEST_F(gateway_renewal, comes_after_the_origin_rule) {
    const auto reply = send(method::post, "/api/account/password",
                            {{"Cookie", "refresh_token=old-refresh"}, {"Origin", "https://evil.example"}});
    EXPECT_EQ(reply.status, 403U);
    EXPECT_EQ(refreshed_, list());
}

TEST_F(gateway_renewal, is_not_for_a_bearer) {
    service_.on<use_cases::get_account>([] { return failure(errc::token_expired, "Expired."); });
    const auto reply = send(method::get, "/api/account", {{"Cookie", both_cookies}, {"Authorization", "Bearer old"}});
    EXPECT_EQ(reply.status, 401U);
    EXPECT_EQ(refreshed_, list());
    EXPECT_EQ(cookies_of(reply), list());
}

TEST_F(gateway_renewal, is_not_for_routes_that_anybody_may_use) {
    for (const auto* path : {"/api/account/login", "/api/account/logout", "/api/account/register"}) {
        send(method::post, path, {{"Cookie", "refresh_token=old-refresh"}});
        EXPECT_EQ(refreshed_, list()) << path;
    }
    send(method::get, "/healthz", {{"Cookie", "refresh_token=old-refresh"}});
    EXPECT_EQ(refreshed_, list());
}

TEST_F(gateway_renewal, serves_the_start_of_the_pages) {
    for (const auto cookies : {both_cookies, std::string_view("refresh_token=old-refresh")}) {
        const auto reply = send(method::get, start, {{"Cookie", cookies}});
        EXPECT_EQ(reply.status, 200U);
        EXPECT_FALSE(says_nobody(reply)) << reply.body;
        EXPECT_EQ(cookies_of(reply), new_cookies);
    }
}

// A browser would report a failed request each time that somebody without an account comes.
TEST_F(gateway_renewal, of_a_dead_session_is_no_failure_at_the_start_of_the_pages) {
    EXPECT_TRUE(says_nobody(send(method::get, start, {{"Cookie", "access_token=dead; refresh_token=old-refresh"}})));
    EXPECT_TRUE(says_nobody(send(method::get, start, {{"Cookie", "access_token=old-access"}})));
    EXPECT_TRUE(says_nobody(send(method::get, start, {{"Authorization", "Bearer old-access"}})));
    service_.on<use_cases::refresh>([] { return failure(errc::invalid_token, "Log in."); });
    const auto reply = send(method::get, start, {{"Cookie", both_cookies}});
    EXPECT_TRUE(says_nobody(reply)) << reply.body;
    EXPECT_EQ(cookies_of(reply), cleared_cookies);
}

TEST_F(gateway_renewal, at_the_start_of_the_pages_does_not_take_a_failure_for_nobody) {
    service_.on<use_cases::refresh>([] { return unavailable("Later.", std::chrono::seconds(3)); });
    EXPECT_EQ(send(method::get, start, {{"Cookie", both_cookies}}).status, 503U);
    service_.on<use_cases::refresh>([] {
        return std::unexpected(
            error{.code = errc::invalid_token, .message = "Older.", .reason = std::string(superseded_token)});
    });
    const auto overtaken = send(method::get, start, {{"Cookie", both_cookies}});
    EXPECT_EQ(overtaken.status, 503U);
    EXPECT_EQ(cookies_of(overtaken), list());
}

TEST_F(gateway_renewal, asks_nobody_about_who_brings_nothing_to_the_start_of_the_pages) {
    EXPECT_TRUE(says_nobody(send(method::get, start)));
    EXPECT_TRUE(says_nobody(send(method::get, start, {{"Cookie", "access_token=a; access_token=b"}})));
    EXPECT_EQ(service_.calls, list());
}

TEST_F(gateway_renewal, keeps_its_refresh_cookie_beside_an_access_cookie_that_comes_alone) {
    service_.on<use_cases::reauthenticate>([] {
        auto grant = grant_for(transport::cookie, "third");
        grant.refresh_token.clear();
        return grant;
    });
    const auto reply =
        send(method::post, "/api/account/reauthenticate", {{"Cookie", "refresh_token=old-refresh"}}, "password=a");
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(service_.calls, (list{"Refresh ", "Reauthenticate new-access"}));
    EXPECT_EQ(cookies_of(reply), (list{"refresh_token=new-refresh", "access_token=third-access"}));
}

TEST_F(gateway_renewal, gives_way_to_the_tokens_of_a_new_session) {
    service_.on<use_cases::change_password>([] { return grant_for(transport::cookie, "third"); });
    const auto reply = send(method::post, "/api/account/password", {{"Cookie", "refresh_token=old-refresh"}},
                            "current_password=a&new_password=b");
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(service_.calls, (list{"Refresh ", "ChangePassword new-access"}));
    EXPECT_EQ(cookies_of(reply), (list{"refresh_token=third-refresh", "access_token=third-access"}));
}

}  // namespace
}  // namespace userinfo::gateway
