#include "rpc/health.h"

#include <gtest/gtest.h>

#include "grpc/health/v1/health.pb.h"
#include "rpc/message_bytes.h"
#include "support/eventually.h"
#include "support/http2_client.h"
#include "support/scripted_rpc.h"

namespace userinfo::rpc {
namespace {

using namespace std::chrono_literals;
using namespace test;
using response = ::grpc::health::v1::HealthCheckResponse;

std::string asking_for(const std::string& service) {
    ::grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    return request.SerializeAsString();
}

response::ServingStatus said(std::string_view message) {
    response got;
    EXPECT_TRUE(got.ParseFromArray(message.data(), static_cast<int>(message.size())));
    return got.status();
}

class health_test : public testing::Test {
protected:
    health health_;
    scripted_rpc server_{
        [this](auto& call) { return call.path() == health::check_path ? health_.check(call) : health_.watch(call); }};
    rpc_caller caller_{server_.target()};

    h2::reply check(const std::string& message = "") {
        return caller_.ask({.path = health::check_path, .message = message});
    }
};

TEST_F(health_test, says_whether_it_serves) {
    EXPECT_EQ(said(check().message.view()), response::NOT_SERVING);
    health_.set_serving(true);
    EXPECT_EQ(said(check().message.view()), response::SERVING);
    EXPECT_EQ(said(check(asking_for("userinfo.v1.Userinfo")).message.view()), response::SERVING);
    health_.set_serving(false);
    EXPECT_EQ(said(check().message.view()), response::NOT_SERVING);
}

TEST_F(health_test, knows_no_other_service) {
    EXPECT_EQ(check(asking_for("other.Service")).status.code, h2::status_code::not_found);
}

TEST_F(health_test, understands_no_rubbish) {
    EXPECT_EQ(check("\xff\xff").status.code, h2::status_code::invalid_argument);
    http2_client client(server_.local_address());
    const auto& watched = client.call(health::watch_path, "\xff\xff");
    ASSERT_TRUE(client.finish(watched));
    EXPECT_EQ(watched.fields.at("grpc-status"), "3");
}

TEST_F(health_test, does_not_serve_again_after_its_end) {
    health_.set_serving(true);
    health_.end();
    health_.set_serving(true);
    EXPECT_EQ(said(check().message.view()), response::NOT_SERVING);
}

TEST_F(health_test, tells_those_that_watch_of_each_change_until_it_ends) {
    http2_client client(server_.local_address());
    const auto& watched = client.call(health::watch_path, "");
    const auto has_come = [&](std::size_t count) {
        return client.receive_until([&] { return watched.messages.size() == count; });
    };
    ASSERT_TRUE(has_come(1));
    EXPECT_EQ(said(watched.messages.back()), response::NOT_SERVING);
    health_.set_serving(true);
    ASSERT_TRUE(has_come(2));
    EXPECT_EQ(said(watched.messages.back()), response::SERVING);
    health_.set_serving(true);  // is no change
    health_.set_serving(false);
    ASSERT_TRUE(has_come(3));
    EXPECT_EQ(said(watched.messages.back()), response::NOT_SERVING);
    health_.set_serving(true);
    health_.end();
    ASSERT_TRUE(client.finish(watched));
    EXPECT_EQ(watched.messages.size(), 5U);
    EXPECT_EQ(said(watched.messages.back()), response::NOT_SERVING);
    EXPECT_EQ(watched.fields.at("grpc-status"), "14");
}

TEST_F(health_test, watched_after_its_end_says_so_at_once) {
    health_.end();
    http2_client client(server_.local_address());
    const auto& watched = client.call(health::watch_path, "");
    ASSERT_TRUE(client.finish(watched));
    EXPECT_EQ(watched.messages.size(), 1U);
    EXPECT_EQ(watched.fields.at("grpc-status"), "14");
}

TEST_F(health_test, watched_for_its_time_ends_with_a_status_that_asks_to_watch_again) {
    health short_lived(1ms);
    const scripted_rpc server([&short_lived](auto& call) { return short_lived.watch(call); });
    http2_client client(server.local_address());
    const auto& watched = client.call(health::watch_path, "");
    ASSERT_TRUE(client.finish(watched));
    EXPECT_EQ(watched.messages.size(), 1U);
    EXPECT_EQ(watched.fields.at("grpc-status"), "14");
    const auto& again = client.call(health::watch_path, "");
    EXPECT_TRUE(client.receive_until([&] { return again.messages.size() == 1; }));
}

TEST_F(health_test, asked_by_more_than_one_message_ends_the_call) {
    http2_client client(server_.local_address());
    const auto& watched = client.call_open(health::watch_path, "");
    ASSERT_TRUE(client.receive_until([&] { return watched.messages.size() == 1; }));
    client.send_more(watched, http2_client::framed(""));
    ASSERT_TRUE(client.finish(watched));
    EXPECT_EQ(watched.fields.at("grpc-status"), "12");
    health_.set_serving(true);
    EXPECT_EQ(said(check().message.view()), response::SERVING);
    EXPECT_EQ(watched.messages.size(), 1U);
}

TEST_F(health_test, forgets_those_that_no_longer_watch) {
    {
        http2_client client(server_.local_address());
        const auto& watched = client.call(health::watch_path, "");
        ASSERT_TRUE(client.receive_until([&] { return watched.messages.size() == 1; }));
    }
    health_.set_serving(true);
    EXPECT_EQ(said(check().message.view()), response::SERVING);
    health_.end();
    const auto begin = std::chrono::steady_clock::now();
    server_.drain(20s);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST_F(health_test, watched_for_an_unknown_service_says_so_and_goes_on) {
    http2_client client(server_.local_address());
    const auto& watched = client.call(health::watch_path, asking_for("other.Service"));
    ASSERT_TRUE(client.receive_until([&] { return watched.messages.size() == 1; }));
    EXPECT_EQ(said(watched.messages.back()), response::SERVICE_UNKNOWN);
    EXPECT_FALSE(watched.is_closed);
    health_.set_serving(true);
    health_.end();
    ASSERT_TRUE(client.finish(watched));
    EXPECT_EQ(watched.messages.size(), 2U);
    EXPECT_EQ(said(watched.messages.back()), response::SERVICE_UNKNOWN);
    EXPECT_EQ(watched.fields.at("grpc-status"), "14");
}

}  // namespace
}  // namespace userinfo::rpc
