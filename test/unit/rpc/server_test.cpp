#include "rpc/server.h"

#include <latch>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "rpc/health.h"
#include "rpc/method_path.h"
#include "support/eventually.h"
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
    std::string address() const { return server_->address(); }

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
    EXPECT_TRUE(figures().text().contains(R"(userinfo_rpc_server_calls_total{code="UNIMPLEMENTED",method="none"} 1)"));
    EXPECT_FALSE(figures().text().contains("MadeUp"));
}

// Calls that end before a method answers them.
class unanswered_call : public access_line {
protected:
    unanswered_call() { serve("127.0.0.1:0"); }

    http2_client caller() const { return http2_client(net::address::parse(address())); }

    // What was sent to GetProfile, and the status that the client got of it.
    void expect_end(const http2_client::fields& head, const std::string& body, h2::status_code status) {
        auto client = caller();
        const auto& got = client.send(head, body);
        ASSERT_TRUE(client.finish(got));
        EXPECT_EQ(got.fields.at("grpc-status"), std::to_string(static_cast<int>(status)));
        expect_left("GetProfile", name_of(status));
    }

    void expect_left(std::string_view method, std::string_view code) {
        const auto left = the_line();
        EXPECT_EQ(std::string_view(left.at("method").as_string()), method);
        EXPECT_EQ(std::string_view(left.at("code").as_string()), code);
        EXPECT_EQ(left.at("bytes"), 0);
        EXPECT_EQ(left.at("address"), "127.0.0.1");
        const auto all = figures().text();
        EXPECT_TRUE(all.contains("\nuserinfo_rpc_server_calls_total{code=\"" + std::string(code) + "\",method=\"" +
                                 std::string(method) + "\"} 1\n"))
            << all;
        EXPECT_EQ(count_of(all, "\nuserinfo_rpc_server_calls_total{"), 1U) << all;
        EXPECT_EQ(userinfo_.calls(), 0);
    }

    static std::size_t count_of(std::string_view text, std::string_view part) {
        std::size_t count = 0;
        for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
        return count;
    }

    static http2_client::fields head_of(std::string_view path) { return http2_client::call_head(path); }

    static constexpr auto profile_path = method_path<use_cases::get_profile>;
    const std::string message_ = http2_client::framed("");
};

TEST_F(unanswered_call, with_a_second_message_is_what_the_client_is_told) {
    expect_end(head_of(profile_path), message_ + message_, h2::status_code::unimplemented);
}

TEST_F(unanswered_call, with_too_much_metadata_is_counted_by_its_method) {
    auto head = head_of(profile_path);
    head.emplace_back("key", std::string(17'000, 'v'));
    expect_end(head, message_, h2::status_code::resource_exhausted);
}

TEST_F(unanswered_call, that_is_cut_off_is_counted) {
    expect_end(head_of(profile_path), message_.substr(0, 3), h2::status_code::internal);
}

TEST_F(unanswered_call, that_is_compressed_is_counted) {
    expect_end(head_of(profile_path), '\1' + message_.substr(1), h2::status_code::unimplemented);
}

TEST_F(unanswered_call, that_is_too_long_is_counted) {
    expect_end(head_of(profile_path), http2_client::framed(std::string(65 * 1024, 'x')),
               h2::status_code::resource_exhausted);
}

TEST_F(unanswered_call, that_its_caller_cancels_is_counted) {
    auto client = caller();
    const auto& got = client.send_open(head_of(profile_path), message_.substr(0, 3));
    client.reset(got);
    ASSERT_TRUE(client.finish(client.call(health::check_path, "")));
    expect_left("GetProfile", "CANCELLED");
}

TEST_F(unanswered_call, that_ends_with_its_connection_is_counted) {
    caller().send_open(head_of(profile_path), message_.substr(0, 3));
    EXPECT_TRUE(
        eventually([this] { return figures().text().contains("code=\"CANCELLED\",method=\"GetProfile\"} 1\n"); }));
}

TEST_F(unanswered_call, that_is_no_gRPC_is_counted) {
    auto head = head_of(profile_path);
    head.back() = {"content-type", "text/plain"};
    auto client = caller();
    ASSERT_TRUE(client.finish(client.send(head, message_)));
    expect_left("GetProfile", "UNKNOWN");
}

TEST_F(unanswered_call, to_what_is_no_method_names_none) {
    auto head = head_of("/userinfo.v1.Userinfo/MadeUp");
    head.emplace_back("key", std::string(17'000, 'v'));
    auto client = caller();
    ASSERT_TRUE(client.finish(client.send(head, message_)));
    expect_left("none", "RESOURCE_EXHAUSTED");
    EXPECT_FALSE(figures().text().contains("MadeUp"));
}

TEST_F(access_line, is_not_left_by_a_health_check) {
    send(health::check_path, "");
    EXPECT_TRUE(lines().empty());
}

}  // namespace
}  // namespace userinfo::rpc
