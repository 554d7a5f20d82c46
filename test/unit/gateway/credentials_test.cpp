#include "gateway/credentials.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/failure_of.h"
#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using http::test::header_list;
using http::test::request_with;
using userinfo::test::failure_of;

constexpr auto plain = cookie_names::plain();
constexpr auto prefixed = cookie_names::host_prefixed();

TEST(credentials, are_none_without_headers) {
    const auto request = request_with({});
    const auto found = read_credentials(request, plain);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->transport, transport::cookie);
    EXPECT_EQ(found->access_token, "");
    EXPECT_EQ(found->refresh_token, "");
    EXPECT_EQ(found->seen_in_header, "");
    EXPECT_EQ(found->seen_in_cookie, "");
}

TEST(credentials, come_from_cookies) {
    struct {
        const char *cookie, *access, *refresh;
    } const cases[]{
        {"access_token=a; refresh_token=r", "a", "r"},
        {"refresh_token=r;access_token=a", "a", "r"},
        {"theme=dark; access_token=a; lang=en", "a", ""},
        {" access_token=a ;\trefresh_token=r\t", "a", "r"},
        {"access_token=a=b==; refresh_token=", "a=b==", ""},
        {"access_token=\"a\"", "\"a\"", ""},  // RFC 6265: quotes belong to the value
        {"access_token", "", ""},
        {"access_token =a", "", ""},
        {"Access_Token=a; xaccess_token=b; access_token2=c", "", ""},
        {"=a; ;;=; access_token=a", "a", ""},
        {"theme=a; theme=b; access_token=a", "a", ""},
        {"", "", ""},
    };
    for (const auto& [cookie, access, refresh] : cases) {
        const auto request = request_with({{"cookie", cookie}});
        const auto found = read_credentials(request, plain);
        ASSERT_TRUE(found) << cookie;
        EXPECT_EQ(found->access_token, access) << cookie;
        EXPECT_EQ(found->refresh_token, refresh) << cookie;
    }
}

TEST(credentials, come_from_several_cookie_headers) {
    const auto request = request_with({{"Cookie", "access_token=a"}, {"Host", "x"}, {"COOKIE", "refresh_token=r"}});
    const auto found = read_credentials(request, plain);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->access_token, "a");
    EXPECT_EQ(found->refresh_token, "r");
}

TEST(credentials, come_from_no_cookie_if_one_of_ours_is_there_twice) {
    struct {
        header_list headers;
        const char* repeated;
    } const cases[]{
        {{{"Cookie", "access_token=a; access_token=b"}}, "access_token"},
        {{{"Cookie", "access_token=a; access_token=a"}}, "access_token"},
        {{{"Cookie", "access_token=; access_token=a"}}, "access_token"},
        {{{"Cookie", "access_token=a; access_token=b; access_token=c"}}, "access_token"},
        {{{"Cookie", "access_token=a; refresh_token=a; theme=x; refresh_token=b"}}, "refresh_token"},
        {{{"Cookie", "access_token=a"}, {"Cookie", "access_token=b"}}, "access_token"},
        {{{"Cookie", "access_token=a; access_token=b"}, {"Cookie", "refresh_token=r"}}, "access_token"},
    };
    for (const auto& [headers, repeated] : cases) {
        const auto request = request_with(headers);
        const auto found = read_credentials(request, plain);
        ASSERT_TRUE(found) << headers[0].value;
        EXPECT_EQ(found->repeated_cookie, repeated) << headers[0].value;
        EXPECT_EQ(found->access_token, "") << headers[0].value;
        EXPECT_EQ(found->refresh_token, "") << headers[0].value;
    }
}

TEST(credentials, tell_of_no_repeated_cookie_if_each_is_there_once) {
    const auto request = request_with({{"Cookie", "access_token=a; refresh_token=a; theme=b; theme=b"}});
    EXPECT_EQ(read_credentials(request, plain)->repeated_cookie, "");
}

TEST(all_tokens, are_those_of_all_cookies_each_once) {
    using list = std::vector<std::string_view>;
    const auto request = request_with({{"Cookie", "access_token=a; refresh_token=r; access_token=b"},
                                       {"Cookie", "refresh_token=r; refresh_token=s; refresh_token=; other=x"}});
    const auto found = read_all_tokens(request, plain);
    EXPECT_EQ(found.access, (list{"a", "b"}));
    EXPECT_EQ(found.refresh, (list{"r", "s"}));
    const auto other = read_all_tokens(request, prefixed);
    EXPECT_EQ(other.access, list());
    EXPECT_EQ(other.refresh, list());
}

// Each costs a call of the service.
TEST(all_tokens, are_eight_of_a_kind_at_most) {
    std::string many;
    for (int i = 0; i < 20; ++i) many += "refresh_token=" + std::to_string(i) + "; ";
    const auto request = request_with({{"Cookie", many}});
    const auto found = read_all_tokens(request, plain).refresh;
    ASSERT_EQ(found.size(), 8U);
    EXPECT_EQ(found.back(), "7");
}

TEST(credentials, under_host_prefixed_names_ignore_the_plain_ones) {
    const auto request = request_with({{"Cookie",
                                        "access_token=planted; __Host-access_token=a; access_token=planted; "
                                        "__Host-refresh_token=r; refresh_token=planted"}});
    const auto found = read_credentials(request, prefixed);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->access_token, "a");
    EXPECT_EQ(found->refresh_token, "r");
    const auto only_plain = request_with({{"Cookie", "access_token=a; refresh_token=r"}});
    EXPECT_EQ(read_credentials(only_plain, prefixed)->access_token, "");
    EXPECT_EQ(read_credentials(only_plain, prefixed)->refresh_token, "");
}

TEST(credentials, under_plain_names_ignore_the_host_prefixed_ones) {
    const auto request = request_with({{"Cookie", "__Host-access_token=a; __Host-access_token=b; access_token=c"}});
    const auto found = read_credentials(request, plain);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->access_token, "c");
}

TEST(credentials, of_a_bearer_are_the_token_and_nothing_else) {
    for (const auto* authorization : {"Bearer t", "bearer t", "BEARER t", "Bearer   t", "Bearer t "}) {
        const auto request = request_with(
            {{"Cookie", "access_token=a; refresh_token=r; userinfo_version=v"}, {"authorization", authorization}});
        const auto found = read_credentials(request, plain);
        ASSERT_TRUE(found) << authorization;
        EXPECT_EQ(found->transport, transport::bearer) << authorization;
        EXPECT_EQ(found->access_token, "t") << authorization;
        EXPECT_EQ(found->refresh_token, "") << authorization;
        EXPECT_EQ(found->seen_in_cookie, "") << authorization;
    }
}

TEST(credentials, of_a_bearer_do_not_depend_on_cookies_that_are_there_twice) {
    const header_list cases[]{
        {{"Cookie", "access_token=a; access_token=b"}, {"Authorization", "Bearer t"}},
        {{"Authorization", "Bearer t"}, {"Cookie", "refresh_token=a"}, {"Cookie", "refresh_token=b"}},
    };
    for (const auto& headers : cases) {
        const auto request = request_with(headers);
        const auto found = read_credentials(request, plain);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->access_token, "t");
    }
}

TEST(credentials, of_a_bearer_without_a_token_do_not_fall_back_to_cookies) {
    const auto request = request_with({{"Authorization", "Bearer  "}, {"Cookie", "access_token=a"}});
    const auto found = read_credentials(request, plain);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->transport, transport::bearer);
    EXPECT_EQ(found->access_token, "");
}

TEST(credentials, pass_over_other_ways_to_authorize) {
    for (const auto* authorization : {"Basic YTpi", "Bearertoken", "Digest x", ""}) {
        const auto request = request_with({{"Authorization", authorization}, {"Cookie", "access_token=a"}});
        const auto found = read_credentials(request, plain);
        ASSERT_TRUE(found) << authorization;
        EXPECT_EQ(found->transport, transport::cookie) << authorization;
        EXPECT_EQ(found->access_token, "a") << authorization;
    }
}

TEST(credentials, are_refused_if_authorization_is_there_twice) {
    const header_list cases[]{
        {{"Authorization", "Bearer a"}, {"Authorization", "Bearer a"}},
        {{"Authorization", "Bearer a"}, {"authorization", "Basic b"}},
        {{"Authorization", "Basic a"}, {"Authorization", "Bearer b"}},
    };
    for (const auto& headers : cases) {
        EXPECT_EQ(failure_of(read_credentials(request_with(headers), plain)), errc::invalid_argument);
    }
}

TEST(credentials, take_a_seen_version_from_the_header_and_one_from_the_cookie) {
    const auto both = request_with({{"userinfo-version", "h"}, {"Cookie", "userinfo_version=c"}});
    for (const auto& names : {plain, prefixed}) {
        EXPECT_EQ(read_credentials(both, names)->seen_in_header, "h");
        EXPECT_EQ(read_credentials(both, names)->seen_in_cookie, "c");
    }
    const auto bearer =
        request_with({{"Userinfo-Version", "h"}, {"Authorization", "Bearer t"}, {"Cookie", "userinfo_version=c"}});
    EXPECT_EQ(read_credentials(bearer, plain)->seen_in_header, "h");
    EXPECT_EQ(read_credentials(bearer, plain)->seen_in_cookie, "");
}

// A neighbouring host of the same site can plant this one: it must not lock a browser out.
TEST(credentials, take_no_seen_version_from_a_header_that_is_there_twice) {
    const auto twice =
        request_with({{"Userinfo-Version", "a"}, {"Userinfo-Version", "b"}, {"Cookie", "userinfo_version=c"}});
    const auto found = read_credentials(twice, plain);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->seen_in_header, "");
    EXPECT_EQ(found->seen_in_cookie, "c");
}

TEST(credentials, take_the_device_from_its_header_before_its_cookie) {
    const auto cookie = request_with({{"Cookie", "device=c; __Host-device=h"}});
    EXPECT_EQ(read_credentials(cookie, plain)->device, "c");
    EXPECT_EQ(read_credentials(cookie, prefixed)->device, "h");
    const auto both = request_with({{"userinfo-device", "f"}, {"Cookie", "device=c"}});
    EXPECT_EQ(read_credentials(both, plain)->device, "f");
    const auto bearer = request_with({{"Userinfo-Device", "f"}, {"Authorization", "Bearer t"}});
    EXPECT_EQ(read_credentials(bearer, plain)->device, "f");
    const auto mixed = request_with({{"Cookie", "device=c"}, {"Authorization", "Bearer t"}});
    EXPECT_EQ(read_credentials(mixed, plain)->device, "");
    EXPECT_EQ(read_credentials(request_with({}), plain)->device, "");
}

// As a seen version, it can be planted where it has no prefix: it must not lock a browser out.
TEST(credentials, take_no_device_that_is_there_twice) {
    const auto cookies = request_with({{"Cookie", "device=a; access_token=t; device=b"}});
    ASSERT_TRUE(read_credentials(cookies, plain));
    EXPECT_EQ(read_credentials(cookies, plain)->device, "");
    EXPECT_EQ(read_credentials(cookies, plain)->access_token, "t");
    const auto headers = request_with({{"Userinfo-Device", "a"}, {"Userinfo-Device", "b"}, {"Cookie", "device=c"}});
    EXPECT_EQ(read_credentials(headers, plain)->device, "c");
}

TEST(credentials, take_no_seen_version_from_a_cookie_that_is_there_twice) {
    const auto twice = request_with({{"Cookie", "userinfo_version=a; access_token=t; userinfo_version=b"}});
    const auto found = read_credentials(twice, plain);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->seen_in_cookie, "");
    EXPECT_EQ(found->access_token, "t");
}

}  // namespace
}  // namespace userinfo::gateway
