#include "h2/target.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <gtest/gtest.h>

#include "support/run_task.h"

namespace userinfo::h2 {
namespace {

using endpoint = asio::generic::stream_protocol::endpoint;
using asio::ip::tcp;

std::vector<endpoint> found(const std::string& target) { return test::run(places_of(target)); }

endpoint of_tcp(const char* address, std::uint16_t port) {
    return tcp::endpoint(asio::ip::make_address(address), port);
}

TEST(host_of, is_what_a_certificate_must_name) {
    EXPECT_EQ(host_of("users.example:8090"), "users.example");
    EXPECT_EQ(host_of("127.0.0.1:8090"), "127.0.0.1");
    EXPECT_EQ(host_of("[2001:db8::7]:8090"), "2001:db8::7");
    EXPECT_EQ(host_of("unix:/run/userinfo/rpc.sock"), "localhost");
}

TEST(stays_on_this_machine, is_true_of_loopback_and_unix_sockets) {
    for (const auto* const target : {"127.0.0.1:1", "127.1.2.3:1", "[::1]:1", "localhost:1", "unix:/a", "unix:a"})
        EXPECT_TRUE(stays_on_this_machine(target)) << target;
}

TEST(stays_on_this_machine, is_false_of_all_else) {
    for (const auto* const target : {"192.0.2.1:1", "0.0.0.0:1", "[::]:1", "[2001:db8::1]:1", "users.example:1",
                                     "localhost.evil:1", "localhost.:1", "127.0.0.1.evil:1", "127.1:1", "unix.evil:1"})
        EXPECT_FALSE(stays_on_this_machine(target)) << target;
}

TEST(places_of, finds_addresses) {
    EXPECT_EQ(found("127.0.0.1:8090"), std::vector{of_tcp("127.0.0.1", 8090)});
    EXPECT_EQ(found("[::1]:8090"), std::vector{of_tcp("::1", 8090)});
}

TEST(places_of, finds_a_name) {
    const auto places = found("localhost:8090");
    ASSERT_FALSE(places.empty());
    for (const auto& place : places) EXPECT_TRUE(place == of_tcp("127.0.0.1", 8090) || place == of_tcp("::1", 8090));
}

TEST(places_of, finds_a_unix_socket) {
    EXPECT_EQ(found("unix:/run/rpc.sock"),
              std::vector<endpoint>{asio::local::stream_protocol::endpoint("/run/rpc.sock")});
}

TEST(places_of, leads_nowhere_without_port_or_with_a_path_that_no_socket_can_have) {
    for (const auto* const target : {"8090", "127.0.0.1", "localhost", "localhost:", "127.0.0.1:x", "127.0.0.1:65536",
                                     "127.0.0.1:-1", "127.0.0.1:80 "})
        EXPECT_TRUE(found(target).empty()) << target;
    EXPECT_EQ(found("unix:/" + std::string(106, 'a')).size(), 1U);
    EXPECT_TRUE(found("unix:/" + std::string(107, 'a')).empty());
}

}  // namespace
}  // namespace userinfo::h2
