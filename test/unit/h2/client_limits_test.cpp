// What a server can make its clients hold.
#include <algorithm>
#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/limited_rpc.h"
#include "support/scripted_rpc.h"

namespace userinfo::h2 {
namespace {

using namespace test;

constexpr std::size_t plenty = 256 * 1024 * 1024;

TEST(client_limits, hold_for_the_parts_of_all_replies_of_a_connection) {
    gate there;
    const limited_rpc server(
        [&there](server_call& call) -> task<void> {
            const auto asked = co_await call.read_single();
            ++there.waiting;
            while (!there.released)
                co_await sleep_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(2));
            call.write(std::string(3'500'000, 'r'));
            call.finish({});
        },
        {.held = plenty});
    rpc_caller caller(server.local_address().to_string());
    std::vector<std::future<reply>> replies;
    for (int i = 0; i < 12; ++i) replies.push_back(caller.begin({}));  // 42 MB, and their frames come in turns
    EXPECT_TRUE(eventually([&] { return there.waiting == 12; }));
    there.released = true;
    std::vector<status_code> codes;
    for (auto& each : replies) codes.push_back(each.get().status.code);
    EXPECT_GE(std::ranges::count(codes, status_code::ok), 1);
    // How many depends on how many replies are whole before others begin.
    EXPECT_GE(std::ranges::count(codes, status_code::resource_exhausted), 1);
    EXPECT_TRUE(caller.ask({}).status.is_ok());
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

TEST(client_limits, hold_for_the_metadata_of_a_reply) {
    std::atomic<std::size_t> count = 1, size = 15'000;
    scripted_rpc server([&](server_call& call) -> task<void> {
        call.write("reply");
        call.finish({}, fields(count.load(), {"key", std::string(size, 'v')}));
        co_return;
    });
    rpc_caller caller(server.target());
    EXPECT_EQ(caller.ask({}).metadata.value_of("key").size(), 15'000U);
    size = 17'000;
    EXPECT_EQ(caller.ask({}).status.code, status_code::resource_exhausted);
    count = 1'000;
    size = 0;
    EXPECT_EQ(caller.ask({}).status.code, status_code::resource_exhausted);
    count = 1;
    EXPECT_TRUE(caller.ask({}).status.is_ok());
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

}  // namespace
}  // namespace userinfo::h2
