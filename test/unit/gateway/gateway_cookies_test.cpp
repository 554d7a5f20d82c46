// Who gets cookies, and with which replies; and versions as they travel.
#include "unit/gateway/gateway_fixture.h"

namespace userinfo::gateway {
namespace {

using http::method;
using http::test::values_of;
using test::grant_for;
using list = std::vector<std::string>;

const auto id = uuid::random();

result<profile_view> profile_at(std::uint64_t version) {
    profile value;
    value.account = id;
    value.username = "Ada";
    return profile_view{.account = id,
                        .profile = std::make_shared<const versioned_profile>(versioned_profile{version, value})};
}

class gateway_cookies : public test::gateway_fixture {
protected:
    gateway_cookies() {
        service_.on<use_cases::log_in>([](const use_cases::log_in& asked) { return grant_for(asked.transport); });
        service_.on<use_cases::refresh>([](const use_cases::refresh& asked) { return grant_for(asked.transport); });
        service_.on<use_cases::log_out>([] { return result<void>(); });
        service_.on<use_cases::get_profile>([] { return profile_at(7); });
        service_.on<use_cases::update_profile>([] { return profile_at(8); });
    }

    const std::string newer_ = to_seen("999");
    static std::string to_seen(const std::string& version) { return id.to_string() + '.' + version; }
};

const http::test::header_list bearer{{"Authorization", "Bearer t"}};

TEST_F(gateway_cookies, are_set_by_a_log_in_that_asks_for_no_body) {
    const list expected{"userinfo_version=", "refresh_token=new-refresh", "access_token=new-access"};
    for (const auto* body : {"email=a&password=b", "email=a&password=b&tokens=cookie"}) {
        const auto reply = send(method::post, "/api/account/login", {}, body);
        EXPECT_EQ(cookies_of(reply), expected);
        EXPECT_EQ(reply.body, R"({"code":0,"msg":"Success.","data":null})");
    }
    // A token of before does not turn a log-in for cookies into one for nothing.
    const auto reply = send(method::post, "/api/account/login", bearer, "email=a&password=b");
    EXPECT_EQ(cookies_of(reply), (list{"refresh_token=new-refresh", "access_token=new-access"}));
}

TEST_F(gateway_cookies, are_not_touched_by_a_log_in_that_asks_for_a_body) {
    const auto reply = send(method::post, "/api/account/login", {}, "email=a&password=b&tokens=body");
    EXPECT_EQ(cookies_of(reply), list());
    EXPECT_EQ(reply.body,
              R"({"code":0,"msg":"Success.","data":{"access_token":"new-access","refresh_token":"new-refresh",)"
              R"("token_type":"Bearer","expires_in":900,"refresh_expires_in":1209600}})");
}

token_grant with_device(token_grant grant) {
    grant.device = "new-device";
    return grant;
}

TEST_F(gateway_cookies, bring_a_device_to_a_browser_and_a_header_and_a_field_to_a_program) {
    service_.on<use_cases::log_in>(
        [](const use_cases::log_in& asked) { return with_device(grant_for(asked.transport)); });
    const auto browser = send(method::post, "/api/account/login", {}, "email=a&password=b");
    EXPECT_EQ(cookies_of(browser),
              (list{"userinfo_version=", "device=new-device", "refresh_token=new-refresh", "access_token=new-access"}));
    EXPECT_EQ(values_of(browser, "Userinfo-Device"), list());
    EXPECT_EQ(browser.body, R"({"code":0,"msg":"Success.","data":null})");
    const auto program = send(method::post, "/api/account/login", {}, "email=a&password=b&tokens=body");
    EXPECT_EQ(cookies_of(program), list());
    EXPECT_EQ(values_of(program, "Userinfo-Device"), list{"new-device"});
    EXPECT_TRUE(program.body.ends_with(R"("refresh_expires_in":1209600,"device":"new-device"}})")) << program.body;
}

TEST_F(gateway_cookies, take_the_device_to_whatever_checks_a_password) {
    list shown;
    const auto remember = [&shown](const auto& asked) { shown.push_back(asked.device); };
    service_.on<use_cases::log_in>([&](const use_cases::log_in& asked) {
        remember(asked);
        return grant_for(asked.transport);
    });
    service_.on<use_cases::change_password>([&](const use_cases::change_password& asked) {
        remember(asked);
        return grant_for(transport::cookie);
    });
    service_.on<use_cases::reauthenticate>([&](const use_cases::reauthenticate& asked) {
        remember(asked);
        return grant_for(transport::cookie);
    });
    service_.on<use_cases::delete_account>([&](const use_cases::delete_account& asked) {
        remember(asked);
        return result<void>();
    });
    const http::test::header_list cookie{{"Cookie", "access_token=a; device=known"}};
    const http::test::header_list header{{"Authorization", "Bearer t"}, {"Userinfo-Device", "known"}};
    for (const auto& headers : {cookie, header}) {
        shown.clear();
        send(method::post, "/api/account/login", headers, "email=a&password=b");
        send(method::post, "/api/account/password", headers, "current_password=a&new_password=b");
        send(method::post, "/api/account/reauthenticate", headers, "password=a");
        const auto deleted = send(method::delete_, "/api/account", headers, "password=a");
        EXPECT_EQ(shown, (list{"known", "known", "known", "known"}));
        EXPECT_EQ(std::ranges::count(cookies_of(deleted), "device="), 0) << "other accounts may use it";
    }
}

TEST_F(gateway_cookies, never_go_to_a_bearer) {
    EXPECT_EQ(cookies_of(send(method::put, "/api/user/profile", bearer, "username=Ada")), list());
    EXPECT_EQ(cookies_of(send(method::get, "/api/user/profile",
                              {{"Authorization", "Bearer t"}, {"Userinfo-Version", newer_}})),
              list());
    EXPECT_EQ(cookies_of(send(method::post, "/api/account/logout", bearer)), list());
    EXPECT_EQ(cookies_of(send(method::post, "/api/account/refresh", {}, "refresh_token=r")), list());
}

TEST_F(gateway_cookies, follow_the_way_by_which_a_refresh_token_came) {
    const auto reply = send(method::post, "/api/account/refresh", {{"Cookie", "refresh_token=r"}});
    EXPECT_EQ(cookies_of(reply), (list{"refresh_token=new-refresh", "access_token=new-access"}));
    EXPECT_EQ(reply.body, R"({"code":0,"msg":"Success.","data":null})");
    EXPECT_EQ(send(method::post, "/api/account/refresh").status, 400U);
}

TEST_F(gateway_cookies, are_all_cleared_by_a_log_out) {
    EXPECT_EQ(cookies_of(send(method::post, "/api/account/logout", {{"Cookie", "access_token=a"}})).size(), 5U);
    EXPECT_EQ(cookies_of(send(method::post, "/api/account/logout")).size(), 5U);
}

TEST_F(gateway_cookies, that_a_log_out_takes_away_are_worth_nothing) {
    list ended;
    service_.on<use_cases::log_out>([&ended](const use_cases::log_out& asked) {
        ended.push_back(asked.refresh_token);
        return result<void>();
    });
    const auto log_out = [&](std::string_view cookie, std::string_view body) {
        ended.clear();
        EXPECT_EQ(send(method::post, "/api/account/logout", {{"Cookie", cookie}}, body).status, 200U);
        return ended;
    };
    EXPECT_EQ(log_out("refresh_token=c", ""), list{"c"});
    EXPECT_EQ(log_out("refresh_token=c", "refresh_token=b"), (list{"b", "c"}));
    EXPECT_EQ(log_out("refresh_token=c", "refresh_token=c"), list{"c"});
    EXPECT_EQ(log_out("access_token=a", "refresh_token=b"), list{"b"});
}

constexpr auto two_of_one_name = "access_token=a; refresh_token=r; access_token=b; refresh_token=s";

TEST_F(gateway_cookies, of_one_name_do_not_matter_where_none_is_read) {
    service_.on<use_cases::register_account>([] { return result<void>(); });
    service_.on<use_cases::get_public_keys>([] { return result<std::string>("{}"); });
    service_.on<use_cases::get_page_settings>([] { return result<page_settings>(page_settings()); });
    const http::test::header_list twice{{"Cookie", two_of_one_name}};
    for (const auto* const path :
         {"/healthz", "/.well-known/jwks.json", "/api/openapi.json", "/api/pages/settings", "/"})
        EXPECT_EQ(send(method::get, path, twice).status, 200U) << path;
    EXPECT_EQ(send(method::post, "/api/account/register", twice, "email=a&password=b").status, 200U);
    EXPECT_EQ(send(method::get, "/nowhere", twice).status, 404U);
}

TEST_F(gateway_cookies, of_one_name_are_refused_where_one_is_needed) {
    for (const auto& endpoint : endpoints()) {
        if (endpoint.access != access::session && endpoint.access != access::one_token) continue;
        service_.calls.clear();
        const auto reply = send(endpoint.method, endpoint.pattern, {{"Cookie", two_of_one_name}});
        EXPECT_EQ(reply.status, 400U) << endpoint.pattern;
        EXPECT_TRUE(reply.body.contains("more than one cookie refresh_token")) << reply.body;
        EXPECT_EQ(service_.calls, list()) << endpoint.pattern;
    }
}

TEST_F(gateway_cookies, of_one_name_do_not_matter_if_the_token_is_in_the_body) {
    const auto reply =
        send(method::post, "/api/account/refresh", {{"Cookie", two_of_one_name}}, "refresh_token=of-a-program");
    EXPECT_EQ(reply.status, 200U) << reply.body;
}

TEST_F(gateway_cookies, of_one_name_are_replaced_by_a_log_in) {
    const auto reply = send(method::post, "/api/account/login", {{"Cookie", two_of_one_name}}, "email=a&password=b");
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(cookies_of(reply), (list{"userinfo_version=", "refresh_token=new-refresh", "access_token=new-access",
                                       "__Host-access_token=", "__Host-refresh_token="}));
}

TEST_F(gateway_cookies, of_one_name_are_all_ended_by_a_log_out) {
    list ended;
    service_.on<use_cases::log_out>([&ended](const call& call, const use_cases::log_out& asked) {
        ended.push_back(call.access_token + ' ' + asked.refresh_token);
        return result<void>();
    });
    const auto reply = send(method::post, "/api/account/logout", {{"Cookie", two_of_one_name}});
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(ended, (list{"a r", "b s"}));
    EXPECT_EQ(cookies_of(reply).size(), 5U);
    ended.clear();
    send(method::post, "/api/account/logout", {{"Cookie", "access_token=a; access_token=b"}}, "refresh_token=x");
    EXPECT_EQ(ended, (list{"a x", "b "}));
}

TEST_F(gateway_cookies, of_one_name_obey_the_origin_rule) {
    for (const auto* const path : {"/api/account/login", "/api/account/logout", "/api/account/refresh"})
        EXPECT_EQ(send(method::post, path, {{"Cookie", two_of_one_name}, {"Origin", "https://evil.example"}}).status,
                  403U)
            << path;
}

TEST_F(gateway_cookies, tell_what_a_write_has_made) {
    const auto reply = send(method::put, "/api/user/profile", {{"Cookie", "access_token=a"}}, "username=Ada");
    EXPECT_EQ(values_of(reply, "ETag"), list{"\"8\""});
    EXPECT_EQ(values_of(reply, "Userinfo-Version"), list{to_seen("8")});
    EXPECT_EQ(cookies_of(reply), list{"userinfo_version=" + to_seen("8")});
}

TEST_F(gateway_cookies, tell_what_a_read_shows_in_a_header_alone) {
    const auto reply = send(method::get, "/api/user/profile", {{"Cookie", "access_token=a"}});
    EXPECT_EQ(values_of(reply, "ETag"), list{"\"7\""});
    EXPECT_EQ(values_of(reply, "Userinfo-Version"), list{to_seen("7")});
    EXPECT_EQ(cookies_of(reply), list());
}

TEST_F(gateway_cookies, forget_a_version_that_the_database_does_not_have) {
    const auto cookie = "access_token=a; userinfo_version=" + newer_;
    EXPECT_EQ(cookies_of(send(method::get, "/api/user/profile", {{"Cookie", cookie}})), list{"userinfo_version="});
    const auto older = "access_token=a; userinfo_version=" + to_seen("7");
    EXPECT_EQ(cookies_of(send(method::get, "/api/user/profile", {{"Cookie", older}})), list());
    const auto strangers = "access_token=a; userinfo_version=" + uuid::random().to_string() + ".999";
    EXPECT_EQ(cookies_of(send(method::get, "/api/user/profile", {{"Cookie", strangers}})), list());
}

TEST_F(gateway_cookies, bring_what_was_seen_to_the_service) {
    seen_versions asked;
    service_.on<use_cases::get_profile>([&asked](const use_cases::get_profile& request) {
        asked = request.seen;
        return profile_at(7);
    });
    EXPECT_EQ(values_of(send(method::get, "/api/user/profile", {{"Userinfo-Version", to_seen("6")}}), "ETag"),
              list{"\"7\""});
    ASSERT_TRUE(asked[0]);
    EXPECT_EQ(asked[0]->version, 6U);
    EXPECT_FALSE(asked[1]);
    send(method::get, "/api/user/profile", {{"Userinfo-Version", "broken"}});
    EXPECT_FALSE(asked[0]);
}

TEST_F(gateway_cookies, bring_what_was_seen_by_this_tab_and_by_the_others) {
    seen_versions asked;
    service_.on<use_cases::get_profile>([&asked](const use_cases::get_profile& request) {
        asked = request.seen;
        return profile_at(7);
    });
    const auto strangers = uuid::random().to_string() + ".9";
    for (const auto& [header, cookie] : {std::pair(to_seen("5"), to_seen("7")), std::pair(to_seen("7"), to_seen("5")),
                                         std::pair(strangers, to_seen("7")), std::pair(to_seen("7"), strangers),
                                         std::pair(std::string("broken"), to_seen("7"))}) {
        send(method::get, "/api/user/profile",
             {{"Cookie", "access_token=a; userinfo_version=" + cookie}, {"Userinfo-Version", header}});
        EXPECT_EQ(highest_of(id, asked), 7U) << header << ' ' << cookie;
        EXPECT_TRUE(asked[0]) << header << ' ' << cookie;
    }
}

TEST_F(gateway_cookies, forget_a_version_in_the_cookie_that_a_lower_one_in_the_header_does_not_hide) {
    const auto cookie = "access_token=a; userinfo_version=" + newer_;
    const auto header = to_seen("7");
    EXPECT_EQ(cookies_of(send(method::get, "/api/user/profile", {{"Cookie", cookie}, {"Userinfo-Version", header}})),
              list{"userinfo_version="});
}

TEST_F(gateway_cookies, if_match_goes_to_the_service_as_a_list) {
    using versions = std::vector<std::uint64_t>;
    std::vector<versions> asked;
    service_.on<use_cases::update_profile>([&asked](const use_cases::update_profile& request) -> result<profile_view> {
        asked.push_back(request.condition.if_versions);
        if (request.condition.if_versions == versions{5, 0}) return failure(errc::version_mismatch, "Another.");
        return profile_at(8);
    });
    const auto put = [this](std::string_view if_match) {
        return send(method::put, "/api/user/profile", {{"If-Match", if_match}}, "username=Ada").status;
    };
    EXPECT_EQ(put("\"6\", \"7\", \"9\""), 200U);
    EXPECT_EQ(put("*"), 200U);
    EXPECT_EQ(put("\"5\", W/\"7\""), 412U);
    EXPECT_EQ(put("7"), 400U);
    EXPECT_EQ(asked, (std::vector<versions>{{6, 7, 9}, {}, {5, 0}}));
}

}  // namespace
}  // namespace userinfo::gateway
