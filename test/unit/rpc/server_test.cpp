#include "rpc/server.h"

#include <latch>
#include <optional>
#include <vector>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "rpc/health.h"
#include "rpc/method_path.h"
#include "support/http2_client.h"
#include "support/recorded_log.h"
#include "support/rpc_server.h"
#include "support/scripted_userinfo.h"

namespace userinfo::rpc {
namespace {

using namespace test;

task<result<void>> succeed(call&) { co_return result<void>(); }

// Whether a call is begun that arrived while the service hung, and whose caller had left when it went on.
template <class UseCase>
bool is_begun_after_a_hang() {
    scripted_userinfo userinfo(succeed);
    net::io_threads threads(1);
    const test::rpc_server server(userinfo, threads, "127.0.0.1:0");
    const auto address = net::address::parse(server.address());
    std::latch hangs(1);
    asio::post(threads[0], [&hangs] { hangs.wait(); });
    {
        http2_client caller(address);
        caller.call(method_path<UseCase>, "");
    }
    hangs.count_down();
    // The later call is answered after the earlier one.
    http2_client later(address);
    EXPECT_TRUE(later.finish(later.call(method_path<use_cases::get_page_settings>, "")));
    return userinfo.calls() == 2;
}

TEST(rpc_server, does_not_begin_after_a_hang_what_a_caller_who_has_left_may_have_done_otherwise) {
    EXPECT_FALSE(is_begun_after_a_hang<use_cases::update_profile>());
    EXPECT_FALSE(is_begun_after_a_hang<use_cases::end_other_sessions>());
    EXPECT_TRUE(is_begun_after_a_hang<use_cases::get_page_settings>());
}

// The access line that a call leaves.
class access_line : public testing::Test {
protected:
    scripted_userinfo userinfo_{[this](call& call) -> task<result<void>> {
        call.account = account_;
        co_return fails_ ? std::unexpected(error{.code = errc::not_found, .message = "none"}) : result<void>();
    }};

    // These end the service first.
    std::vector<boost::json::object> lines() {
        server_->stop();
        return log_.lines("rpc");
    }
    boost::json::object the_line() {
        const auto found = lines();
        EXPECT_EQ(found.size(), 1u);
        return found.empty() ? boost::json::object() : found[0];
    }

    // Sends a message to the method at `path`, as a peer that is no gateway.
    void send(std::string_view path, std::string_view message) {
        serve("127.0.0.1:0");
        http2_client caller(net::address::parse(server_->address()));
        ASSERT_TRUE(caller.finish(caller.call(path, message)));
    }

    const metrics& figures() const { return server_->figures(); }

    rpc_server& serve(const std::string& address) { return server_.emplace(userinfo_, address); }

    const uuid account_ = uuid::random();
    bool fails_ = false;
    const recorded_log log_{log_level::info};

private:
    std::optional<rpc_server> server_;
};

TEST_F(access_line, has_the_request_id_and_the_trace_of_the_gateway) {
    const scratch_folder folder;
    const auto& server = serve("unix:" + (folder / "rpc.sock").string());
    rpc_client gateway({server.address()});
    call call{.request_id = "the-request",
              .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10),
              .address = "2001:db8::7",
              .user_agent = "a browser",
              .access_token = "a.b.c",
              .trace = trace_context::begin()};
    ASSERT_TRUE(gateway.run(gateway.userinfo.perform(call, use_cases::log_in{.email = {}, .password = {}})));
    const auto left = the_line();
    EXPECT_EQ(left.at("level"), "info");
    EXPECT_EQ(left.at("request_id"), "the-request");
    EXPECT_EQ(std::string(left.at("trace_id").as_string()), call.trace->trace_id());
    EXPECT_EQ(std::string(left.at("account").as_string()), account_.to_string());
    EXPECT_EQ(left.at("method"), "Login");
    EXPECT_EQ(left.at("code"), "OK");
    EXPECT_GT(left.at("bytes").as_int64(), 0);
    EXPECT_GE(left.at("us").as_int64(), 0);
    EXPECT_EQ(left.at("address"), "2001:db8::7");
    EXPECT_EQ(left.at("peer"), "unix:");
    EXPECT_FALSE(boost::json::serialize(left).contains("a.b.c"));
}

TEST_F(access_line, says_how_a_call_failed) {
    fails_ = true;
    send(method_path<use_cases::get_profile>, "");
    const auto left = the_line();
    EXPECT_EQ(left.at("method"), "GetProfile");
    EXPECT_EQ(left.at("code"), "NOT_FOUND");
    EXPECT_EQ(left.at("bytes"), 0);
    EXPECT_EQ(left.at("address"), "127.0.0.1");
    EXPECT_EQ(left.at("peer"), "127.0.0.1");
    EXPECT_FALSE(left.contains("trace_id"));
}

TEST_F(access_line, is_left_by_a_message_that_cannot_be_read) {
    send(method_path<use_cases::get_profile>, "\xff\xff");
    const auto left = the_line();
    EXPECT_EQ(left.at("method"), "GetProfile");
    EXPECT_EQ(left.at("code"), "INVALID_ARGUMENT");
    const auto counted = R"(userinfo_rpc_server_calls_total{code="INVALID_ARGUMENT",method="GetProfile"} 1)";
    EXPECT_TRUE(figures().text().contains(counted));
}

TEST_F(access_line, names_no_method_that_there_is_not) {
    send("/userinfo.v1.Userinfo/MadeUp", "");
    const auto left = the_line();
    EXPECT_EQ(left.at("method"), "none");
    EXPECT_EQ(left.at("code"), "UNIMPLEMENTED");
    EXPECT_FALSE(boost::json::serialize(left).contains("MadeUp"));
}

TEST_F(access_line, is_not_left_by_a_health_check) {
    send(health::check_path, "");
    EXPECT_TRUE(lines().empty());
}

}  // namespace
}  // namespace userinfo::rpc
