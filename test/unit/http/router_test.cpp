#include "http/router.h"

#include <array>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo::http {
namespace {

constexpr std::array table{
    route{method::get, "/"},
    route{method::get, "/api/profile"},
    route{method::put, "/api/profile"},
    route{method::post, "/api/account/log-in"},
    route{method::get, "/api/account/sessions/{id}"},
    route{method::delete_, "/api/account/sessions/{session}"},
    route{method::get, "/api/account/sessions/current"},
    route{method::get, "/a/{x}/b/{y}"},
    route{method::head, "/own-head"},
    route{method::get, "/own-head"},
};

using outcome = router::outcome;

TEST(router, finds_each_static_route_by_method_and_path) {
    const router router(table);
    for (const std::size_t i : {0UL, 1UL, 2UL, 3UL, 6UL, 8UL, 9UL}) {
        const auto match = router.find(table[i].method, table[i].pattern);
        EXPECT_EQ(match.outcome, outcome::found) << table[i].pattern;
        EXPECT_EQ(match.route, i) << table[i].pattern;
    }
}

TEST(router, captures_parameters_in_order_as_they_were_sent) {
    const router router(table);
    const auto match = router.find(method::get, "/a/1%2F2/b/q");
    ASSERT_EQ(match.outcome, outcome::found);
    EXPECT_EQ(match.route, 7U);
    EXPECT_EQ(match.parameters[0], "1%2F2");
    EXPECT_EQ(match.parameters[1], "q");
}

TEST(router, takes_patterns_that_differ_in_parameter_names_only_as_one_path) {
    const router router(table);
    EXPECT_EQ(router.find(method::get, "/api/account/sessions/7").route, 4U);
    EXPECT_EQ(router.find(method::delete_, "/api/account/sessions/7").route, 5U);
    EXPECT_EQ(router.find(method::put, "/api/account/sessions/7").allow, "GET, HEAD, DELETE, OPTIONS");
}

TEST(router, prefers_a_static_path_to_a_parameter) {
    const router router(table);
    EXPECT_EQ(router.find(method::get, "/api/account/sessions/current").route, 6U);
}

TEST(router, answers_head_wherever_it_answers_get) {
    const router router(table);
    EXPECT_EQ(router.find(method::head, "/api/profile").route, 1U);
    EXPECT_EQ(router.find(method::head, "/api/account/sessions/7").route, 4U);
    EXPECT_EQ(router.find(method::head, "/own-head").route, 8U);
    EXPECT_EQ(router.find(method::head, "/api/account/log-in").outcome, outcome::method_not_allowed);
}

TEST(router, names_the_allowed_methods_of_a_path_that_has_others) {
    const router router(table);
    const auto match = router.find(method::delete_, "/api/profile");
    EXPECT_EQ(match.outcome, outcome::method_not_allowed);
    EXPECT_EQ(match.allow, "GET, HEAD, PUT, OPTIONS");
    EXPECT_EQ(router.find(method::other, "/api/account/log-in").allow, "POST, OPTIONS");
}

TEST(router, tells_options_the_methods_of_a_path) {
    const router router(table);
    const auto match = router.find(method::options, "/api/account/sessions/7");
    EXPECT_EQ(match.outcome, outcome::options);
    EXPECT_EQ(match.allow, "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(router.find(method::options, "/own-head").allow, "GET, HEAD, OPTIONS");
    EXPECT_EQ(router.find(method::options, "/nowhere").outcome, outcome::not_found);
}

TEST(router, tells_options_the_methods_of_all_paths) {
    const router router(table);
    const auto match = router.find(method::options, "*");
    EXPECT_EQ(match.outcome, outcome::options);
    EXPECT_EQ(match.allow, "GET, HEAD, POST, PUT, DELETE, OPTIONS");
    EXPECT_EQ(router.find(method::other, "*").outcome, outcome::method_not_allowed);
    EXPECT_EQ(router.find(method::other, "*").allow, match.allow);
    constexpr std::array only_get{route{method::get, "/"}};
    EXPECT_EQ(http::router(only_get).find(method::options, "*").allow, "GET, HEAD, OPTIONS");
}

TEST(router, leaves_options_to_its_own_route) {
    constexpr std::array own{route{method::options, "/"}};
    const router router(own);
    EXPECT_EQ(router.find(method::options, "/").outcome, outcome::found);
    EXPECT_EQ(router.find(method::get, "/").allow, "OPTIONS");
}

TEST(router, knows_an_unknown_method_on_no_path) {
    const router router(table);
    for (const auto* path : {"/", "/api/profile", "/nowhere", "*", ""}) {
        EXPECT_EQ(router.find(method::unknown, path).outcome, outcome::unknown_method) << path;
    }
}

TEST(router, does_not_find_what_only_resembles_a_path) {
    const router router(table);
    for (const auto path :
         {"", "**", "api/profile", "/api/profile/", "/api/Profile", "//api/profile", "/api", "/api/account/sessions/",
          "/api/account/sessions/1/2", "/api/account/sessions", "/a//b/2", "/a/1/b/", "/a/1/c/2", "/a/1/b/2/"}) {
        EXPECT_EQ(router.find(method::get, path).outcome, outcome::not_found) << path;
    }
}

TEST(router, refuses_a_table_with_a_broken_or_repeated_route) {
    const std::vector<std::vector<route>> broken{
        {{method::get, ""}},
        {{method::get, "a"}},
        {{method::get, "/{}"}},
        {{method::get, "/{a"}},
        {{method::get, "/a}"}},
        {{method::get, "/x{a}"}},
        {{method::get, "/a?b"}},
        {{method::other, "/a"}},
        {{method::unknown, "/a"}},
        {{method::get, "/{a}/{b}/{c}/{d}/{e}"}},
        {{method::get, "/a"}, {method::get, "/a"}},
        {{method::get, "/a/{x}"}, {method::get, "/a/{y}"}},
    };
    for (const auto& each : broken) EXPECT_THROW(router{each}, std::invalid_argument) << each[0].pattern;
}

}  // namespace
}  // namespace userinfo::http
