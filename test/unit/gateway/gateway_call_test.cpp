// What the service is told about a request, and what caches are told about a reply.
#include "unit/gateway/gateway_fixture.h"

namespace userinfo::gateway {
namespace {

class gateway_call : public test::gateway_fixture {};

TEST_F(gateway_call, can_ask_whether_the_client_has_left) {
    service_.on<use_cases::get_account>([] { return account{}; });
    bool left = false;
    client_left_ = [&left] { return left; };
    send(http::method::get, "/api/account", {{"Authorization", "Bearer t"}});
    ASSERT_TRUE(service_.client_left);
    EXPECT_FALSE(service_.client_left());
    left = true;
    EXPECT_TRUE(service_.client_left());
}

TEST_F(gateway_call, has_256_bytes_of_the_user_agent_and_no_part_of_a_character) {
    std::vector<std::string> told;
    service_.on<use_cases::get_account>([&told](const call& call, const auto&) {
        told.push_back(call.user_agent);
        return account{};
    });
    for (const auto& agent : {std::string(256, 'a'), std::string(256, 'a') + 'b', std::string(254, 'a') + "\u20ac"})
        send(http::method::get, "/api/account", {{"Authorization", "Bearer t"}, {"User-Agent", agent}});
    EXPECT_EQ(told, (std::vector<std::string>{std::string(256, 'a'), std::string(256, 'a'), std::string(254, 'a')}));
}

TEST_F(gateway_call, goes_on_with_a_trace_that_is_there_once_and_begins_one_else) {
    constexpr std::string_view trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const auto traceparent = "00-" + std::string(trace) + "-00f067aa0ba902b7-01";
    std::string told;
    service_.on<use_cases::get_account>([&told](const call& call, const auto&) {
        told = call.trace->text();
        return account{};
    });
    http::test::header_list headers{{"Authorization", "Bearer t"}, {"traceparent", traceparent}};
    send(http::method::get, "/api/account", headers);
    EXPECT_TRUE(told.contains(trace)) << told;
    headers.push_back({"traceparent", traceparent});
    send(http::method::get, "/api/account", headers);
    EXPECT_FALSE(told.empty());
    EXPECT_FALSE(told.contains(trace)) << told;
}

TEST_F(gateway_call, only_a_reply_that_says_so_may_be_kept) {
    const auto kept_for = [this](std::string_view path) {
        const auto reply = send(http::method::get, path);
        const auto own = http::test::values_of(reply, "Cache-Control");
        EXPECT_EQ(reply.fixed_lines.contains("Cache-Control: no-store\r\n"), own.empty());
        EXPECT_TRUE(reply.fixed_lines.contains("X-Content-Type-Options: nosniff\r\n"));
        return own;
    };
    using list = std::vector<std::string>;
    EXPECT_EQ(kept_for("/api/pages/settings"), list());  // the service fails
    service_.on<use_cases::get_page_settings>([] { return page_settings(); });
    EXPECT_EQ(kept_for("/api/pages/settings"), list{"public, max-age=60"});
    EXPECT_EQ(kept_for("/healthz"), list());
}

}  // namespace
}  // namespace userinfo::gateway
