#include "rpc/call_figures.h"

#include <string>

#include <gtest/gtest.h>

namespace userinfo::rpc {
namespace {

using namespace std::chrono_literals;
using h2::status_code;

bool has_line(const metrics& all, const std::string& line) { return ("\n" + all.text()).contains("\n" + line + "\n"); }

TEST(call_figures, count_calls_by_method_and_code) {
    metrics all;
    call_figures figures(all, call_figures::side::service);
    figures.observe<use_cases::log_in>(status_code::ok, 1ms);
    figures.observe<use_cases::log_in>(status_code::ok, 1ms);
    figures.observe<use_cases::log_in>(status_code::unauthenticated, 1ms);
    figures.observe<use_cases::get_profile>(status_code::cancelled, 1ms);
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_server_calls_total{code="OK",method="Login"} 2)")) << all.text();
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_server_calls_total{code="UNAUTHENTICATED",method="Login"} 1)"));
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_server_calls_total{code="CANCELLED",method="GetProfile"} 1)"));
    EXPECT_FALSE(all.text().contains(R"(code="CANCELLED",method="Login")"));
}

TEST(call_figures, tell_how_long_a_method_took) {
    metrics all;
    call_figures figures(all, call_figures::side::gateway);
    figures.observe<use_cases::log_in>(status_code::ok, 250ms);
    figures.observe<use_cases::log_in>(status_code::unavailable, 500ms);
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_client_seconds_count{method="Login"} 2)")) << all.text();
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_client_seconds_sum{method="Login"} 0.75)"));
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_client_seconds_count{method="GetProfile"} 0)"));
}

TEST(call_figures, count_what_was_not_answered_without_a_time) {
    metrics all;
    call_figures figures(all, call_figures::side::service);
    figures.count(call_figures::no_method, status_code::unimplemented);
    figures.count(use_cases::all::place_of<use_cases::get_profile>(), status_code::internal);
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_server_calls_total{code="UNIMPLEMENTED",method="none"} 1)"));
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_server_calls_total{code="INTERNAL",method="GetProfile"} 1)"));
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_server_seconds_count{method="GetProfile"} 0)")) << all.text();
    EXPECT_FALSE(all.text().contains("seconds_count{method=\"none\"}"));
}

TEST(call_figures, of_both_sides_can_be_in_one_program) {
    metrics all;
    call_figures gateway(all, call_figures::side::gateway), service(all, call_figures::side::service);
    gateway.observe<use_cases::log_in>(status_code::ok, 1ms);
    EXPECT_TRUE(has_line(all, R"(userinfo_rpc_client_calls_total{code="OK",method="Login"} 1)")) << all.text();
    EXPECT_FALSE(all.text().contains("userinfo_rpc_server_calls_total{"));
}

}  // namespace
}  // namespace userinfo::rpc
