#include "rpc/server.h"

#include <latch>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "rpc/method_path.h"
#include "support/http2_client.h"
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

}  // namespace
}  // namespace userinfo::rpc
