#include "h2/target.h"

#include <gtest/gtest.h>

#include "support/run_task.h"

namespace userinfo::h2 {
namespace {

std::size_t places(std::string target) { return test::run(places_of(std::move(target))).size(); }

TEST(target, a_certificate_names_the_host) {
    EXPECT_EQ(host_of("users.example:8090"), "users.example");
    EXPECT_EQ(host_of("10.0.0.7:8090"), "10.0.0.7");
    EXPECT_EQ(host_of("[2001:db8::7]:8090"), "2001:db8::7");
    EXPECT_EQ(host_of("unix:/run/userinfo/rpc.sock"), "localhost");
}

TEST(target, addresses_lead_somewhere_without_anybody_being_asked) {
    EXPECT_EQ(places("127.0.0.1:8090"), 1u);
    EXPECT_EQ(places("[::1]:8090"), 1u);
    EXPECT_EQ(places("unix:/run/userinfo/rpc.sock"), 1u);
}

TEST(target, what_is_none_leads_nowhere) {
    EXPECT_EQ(places("127.0.0.1:port"), 0u);
    EXPECT_EQ(places("127.0.0.1:99999"), 0u);
    EXPECT_EQ(places("127.0.0.1:"), 0u);
    EXPECT_EQ(places("unix:/" + std::string(108, 'x')), 0u);
}

TEST(target, only_loopback_and_unix_sockets_stay_on_this_machine) {
    for (const auto* const here : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1", "unix:/a"})
        EXPECT_TRUE(stays_on_this_machine(here)) << here;
    for (const auto* const away : {"10.0.0.7:1", "0.0.0.0:1", "[::]:1", "users.example:1", "localhost.example:1",
                                   "127.0.0.1.example:1", "", ":1"})
        EXPECT_FALSE(stays_on_this_machine(away)) << away;
}

}  // namespace
}  // namespace userinfo::h2
