#include "rpc/call_metadata.h"

#include <algorithm>
#include <future>
#include <string>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "support/scratch_folder.h"
#include "support/scripted_rpc.h"

namespace userinfo::rpc {
namespace {

// The value of the authorization field; empty: there is none.
std::string authorization_for(const std::string& access_token) {
    const auto sent = metadata_of({.request_id = "r",
                                   .deadline = {},
                                   .address = "192.0.2.1",
                                   .user_agent = "a",
                                   .access_token = access_token,
                                   .trace = {}});
    const auto found = std::ranges::find(sent, "authorization", [](const auto& field) { return field.key; });
    return found == sent.end() ? "" : found->value;
}

TEST(call_metadata, has_the_token_as_a_bearer) {
    EXPECT_EQ(authorization_for("eyJ.Az09-._~+/="), "Bearer eyJ.Az09-._~+/=");
    EXPECT_EQ(authorization_for(""), "");
}

TEST(call_metadata, has_another_token_for_one_that_would_leave_no_room_for_the_rest) {
    EXPECT_EQ(authorization_for(std::string(8 * 1024, 'a')), "Bearer " + std::string(8 * 1024, 'a'));
    EXPECT_EQ(authorization_for(std::string(8 * 1024 + 1, 'a')), "Bearer -");
}

TEST(call_metadata, has_another_token_for_one_with_bytes_that_a_token_cannot_have) {
    for (const auto* const bad : {"a b", "a\r\nx: y", "a\n", "\ta", "a\x7f", "a\xff", "a,b", "a\"b"})
        EXPECT_EQ(authorization_for(bad), "Bearer -") << bad;
}

// What a service makes of a call with these metadata that comes through a unix socket, or else by TCP.
call received(const h2::fields& metadata, bool by_socket) {
    const test::scratch_folder folder;
    std::promise<call> seen;
    test::scripted_rpc server(
        [&seen](h2::server_call& rpc) -> task<void> {
            seen.set_value(call_of(rpc));
            rpc.finish({});
            co_return;
        },
        nullptr, by_socket ? "unix:" + (folder / "rpc.sock").string() : "127.0.0.1:0");
    test::rpc_caller caller(server.target());
    caller.ask({.fields = metadata});
    auto made = seen.get_future().get();
    made.client_left = nullptr;  // its RPC ends here
    return made;
}

h2::fields naming(const std::string& address) {
    return {{"userinfo-request-id", "the-request"},
            {"userinfo-client-address", address},
            {"userinfo-client-agent-bin", to_base64("a \xff browser")},
            {"user-agent", "a program"}};
}

TEST(call_metadata, of_a_gateway_say_who_the_client_is) {
    const auto call = received(naming("2001:db8::7"), true);
    EXPECT_EQ(call.address, "2001:db8::7");
    EXPECT_EQ(call.user_agent, "a \xff browser");
    EXPECT_EQ(call.request_id, "the-request");
}

TEST(call_metadata, of_nobody_else_say_who_the_client_is) {
    const auto call = received(naming("2001:db8::7"), false);
    EXPECT_EQ(call.address, "127.0.0.1");
    EXPECT_EQ(call.user_agent, "a program");
    EXPECT_NE(call.request_id, "the-request");
    EXPECT_FALSE(call.request_id.empty());
}

TEST(call_metadata, name_a_client_by_an_address_or_not_at_all) {
    EXPECT_EQ(received(naming("FE80:0::1%eth0"), true).address, "fe80::1");
    EXPECT_EQ(received(naming("::ffff:192.0.2.1"), true).address, "192.0.2.1");
    EXPECT_EQ(received(naming("unix:"), true).address, "unix:");
    for (const auto* const bad : {"not an address ~", "192.0.2.1:80", "unix:/x", ""})
        EXPECT_EQ(received(naming(bad), true).address, "unix:") << bad;
    EXPECT_EQ(received({}, true).address, "unix:");
}

TEST(call_metadata, of_a_gateway_alone_say_that_it_has_renewed_the_token) {
    const call renewed{.request_id = "r",
                       .deadline = {},
                       .address = "192.0.2.1",
                       .user_agent = {},
                       .access_token = {},
                       .renewed = true};
    EXPECT_TRUE(received(metadata_of(renewed), true).renewed);
    EXPECT_FALSE(received(metadata_of(renewed), false).renewed) << "a thief that calls the service itself";
    EXPECT_FALSE(received(naming("192.0.2.1"), true).renewed);
    EXPECT_FALSE(received({{"userinfo-renewed", "0"}}, true).renewed);
}

TEST(call_metadata, that_no_gateway_sends_are_not_taken) {
    const auto call = received(
        {{"userinfo-request-id", "not \"an\" id"}, {"userinfo-client-agent-bin", to_base64(std::string(1000, 'a'))}},
        true);
    EXPECT_EQ(call.request_id.find('"'), call.request_id.npos);
    EXPECT_EQ(call.user_agent, std::string(256, 'a'));
    const auto cut = received({{"userinfo-client-agent-bin", to_base64(std::string(255, 'a') + "\u00e9")}}, true);
    EXPECT_EQ(cut.user_agent, std::string(255, 'a'));
}

// Where the warning about such a caller hangs on.
TEST(call_metadata, tell_a_gateway_that_has_not_proved_to_be_one) {
    std::promise<bool> claims;
    test::scripted_rpc server([&claims](h2::server_call& rpc) -> task<void> {
        claims.set_value(claims_to_be_gateway(rpc));
        rpc.finish({});
        co_return;
    });
    test::rpc_caller caller(server.target());
    caller.ask({.fields = {{"userinfo-client-address", "192.0.2.1"}}});
    EXPECT_TRUE(claims.get_future().get());
    claims = {};
    caller.ask({});
    EXPECT_FALSE(claims.get_future().get());
}

}  // namespace
}  // namespace userinfo::rpc
