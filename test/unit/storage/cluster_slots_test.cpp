#include "storage/redis/cluster_slots.h"

#include <gtest/gtest.h>

#include "base/uuid.h"
#include "storage/redis/cache_keys.h"

namespace userinfo::redis {
namespace {

const endpoint asked{.host = "10.0.0.9", .port = 6379};

std::optional<slot_map> parse(std::string_view bytes) {
    reply_reader reader;
    reader.feed(bytes);
    const auto whole = reader.next();
    return whole ? slot_map::parse(*whole, asked) : std::nullopt;
}

// A node as CLUSTER SLOTS tells of it: host, port, id.
std::string node(const std::string& host, int port) {
    return "*3\r\n$" + std::to_string(host.size()) + "\r\n" + host + "\r\n:" + std::to_string(port) +
           "\r\n$2\r\nid\r\n";
}

std::string range(int first, int last, const std::vector<std::string>& nodes) {
    auto text = '*' + std::to_string(nodes.size() + 2) + "\r\n:" + std::to_string(first) +
                "\r\n:" + std::to_string(last) + "\r\n";
    for (const auto& each : nodes) text += each;
    return text;
}

endpoint primary_of(const slot_map& map, std::uint16_t slot) { return map.nodes().at(map.primary_of(slot).value()); }

TEST(cluster_slots, a_key_is_in_the_slot_that_redis_puts_it_in) {
    EXPECT_EQ(slot_of("123456789"), 0x31c3);  // the check value of CRC-16/XMODEM
    EXPECT_EQ(slot_of("foo"), 12182);
    EXPECT_EQ(slot_of("somekey"), 11058);
    EXPECT_EQ(slot_of(""), 0);
}

TEST(cluster_slots, only_what_is_in_the_first_braces_counts_if_there_is_anything) {
    EXPECT_EQ(slot_of("foo{hash_tag}"), slot_of("hash_tag"));
    EXPECT_EQ(slot_of("{user1000}.following"), slot_of("{user1000}.followers"));
    EXPECT_EQ(slot_of("foo{{bar}}zap"), slot_of("{bar"));
    EXPECT_EQ(slot_of("foo{bar}{zap}"), slot_of("bar"));
    EXPECT_NE(slot_of("foo{}{bar}"), slot_of("bar"));
    EXPECT_EQ(slot_of("foo{}{bar}"), 8363u) << "empty braces: the whole key counts";
    EXPECT_NE(slot_of("foo{bar"), slot_of("bar"));
    EXPECT_NE(slot_of("foo}bar{zap"), slot_of("zap"));
}

TEST(cluster_slots, all_keys_of_an_account_are_in_one_slot) {
    const auto account = uuid::random();
    const auto slot = slot_of(account.to_string());
    EXPECT_EQ(slot_of(profile_key(account)), slot);
    EXPECT_EQ(slot_of(session_key(account, uuid::random())), slot);
}

TEST(cluster_slots, reads_which_primary_serves_which_slot) {
    const auto map = parse("*3\r\n" + range(0, 99, {node("10.0.0.1", 7001), node("10.0.0.2", 7002)}) +
                           range(100, 100, {node("10.0.0.3", 7003)}) +
                           range(200, 16383, {node("10.0.0.2", 7002), node("10.0.0.1", 7001)}));
    ASSERT_TRUE(map);
    EXPECT_EQ(map->nodes().size(), 3u);
    EXPECT_EQ(primary_of(*map, 0).to_string(), "10.0.0.1:7001");
    EXPECT_EQ(primary_of(*map, 99).to_string(), "10.0.0.1:7001");
    EXPECT_EQ(primary_of(*map, 100).to_string(), "10.0.0.3:7003");
    EXPECT_EQ(map->primary_of(101), std::nullopt);
    EXPECT_EQ(map->primary_of(199), std::nullopt);
    EXPECT_EQ(primary_of(*map, 16383).to_string(), "10.0.0.2:7002");
}

TEST(cluster_slots, tells_primaries_from_replicas) {
    const auto map = parse("*1\r\n" + range(0, 16383, {node("10.0.0.1", 7001), node("10.0.0.2", 7002)}));
    ASSERT_TRUE(map);
    EXPECT_TRUE(map->is_primary(0));
    EXPECT_FALSE(map->is_primary(1));
}

TEST(cluster_slots, a_node_that_does_not_know_its_address_is_where_it_was_asked) {
    const auto map = parse("*1\r\n" + range(0, 16383, {node("", 7001)}));
    ASSERT_TRUE(map);
    EXPECT_EQ(primary_of(*map, 5).to_string(), "10.0.0.9:7001");
}

TEST(cluster_slots, refuses_what_is_no_such_reply) {
    for (const auto& bytes :
         {std::string("*0\r\n"), std::string("+OK\r\n"), std::string("-ERR cluster support disabled\r\n"),
          std::string("*1\r\n*1\r\n:0\r\n"), "*1\r\n" + range(0, 16384, {node("h", 1)}),
          "*1\r\n" + range(-1, 5, {node("h", 1)}), "*1\r\n" + range(6, 5, {node("h", 1)}),
          "*1\r\n" + range(0, 5, {node("h", 0)}), "*1\r\n" + range(0, 5, {node("h", 65536)}),
          "*1\r\n" + range(0, 5, {}), "*1\r\n" + range(0, 5, {"+node\r\n"})}) {
        EXPECT_FALSE(parse(bytes)) << bytes;
    }
}

TEST(cluster_slots, reads_where_a_slot_has_moved) {
    const auto moved = read_refusal("MOVED 3999 127.0.0.1:6381", asked);
    EXPECT_EQ(moved.what, refusal::kind::moved);
    EXPECT_EQ(moved.to.to_string(), "127.0.0.1:6381");
    const auto here = read_refusal("MOVED 3999 :6381", asked);
    EXPECT_EQ(here.to.to_string(), "10.0.0.9:6381");
    const auto ipv6 = read_refusal("ASK 1 fe80::1:7002", asked);
    EXPECT_EQ(ipv6.what, refusal::kind::ask);
    EXPECT_EQ(ipv6.to, (endpoint{.host = "fe80::1", .port = 7002}));
}

TEST(cluster_slots, tells_what_will_pass_from_what_is_wrong_with_the_command) {
    for (const auto* error :
         {"CLUSTERDOWN The cluster is down", "LOADING Redis is loading", "TRYAGAIN Multiple keys",
          "MASTERDOWN Link with MASTER is down", "READONLY You can't", "MOVED", "MOVED 1 nowhere"}) {
        EXPECT_EQ(read_refusal(error, asked).what, refusal::kind::not_now) << error;
    }
    for (const auto* error :
         {"ERR unknown command", "WRONGTYPE Operation", "NOSCRIPT No matching script", "OOM x", ""}) {
        EXPECT_EQ(read_refusal(error, asked).what, refusal::kind::other) << error;
    }
}

TEST(cluster_slots, an_endpoint_is_a_host_and_a_port) {
    EXPECT_EQ(parse_endpoint("redis-1:6379"), (endpoint{.host = "redis-1", .port = 6379}));
    EXPECT_EQ(parse_endpoint("[::1]:6379"), (endpoint{.host = "::1", .port = 6379}));
    for (const auto* text :
         {"", "redis", "redis:", ":6379", "[]:1", "redis:0", "redis:65536", "redis:6379x", "redis:-1"}) {
        EXPECT_FALSE(parse_endpoint(text)) << text;
    }
}

}  // namespace
}  // namespace userinfo::redis
