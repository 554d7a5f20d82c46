// Metadata that come late.
#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/http2_client.h"
#include "support/scripted_rpc.h"

namespace userinfo::h2 {
namespace {

using namespace test;

TEST(trailers, of_a_client_are_not_read) {
    std::promise<std::string> seen;
    const scripted_rpc server([&seen](server_call& call) -> task<void> {
        while (co_await call.read()) {
        }
        const bool has_deadline = call.deadline() != server_call::time_point::max();
        seen.set_value(std::string(call.metadata().value_of("late")) + (has_deadline ? "and a deadline" : ""));
        call.finish({});
    });
    http2_client client(server.local_address());
    const auto& got = client.call_open("/test.Test/Call", "x");
    client.end(got, {{"late", "value"}, {"grpc-timeout", "5S"}});
    EXPECT_TRUE(client.finish(got));
    EXPECT_EQ(got.fields.at("grpc-status"), "0");
    EXPECT_EQ(seen.get_future().get(), "");
}

}  // namespace
}  // namespace userinfo::h2
