// The Redis Cluster that tools/with_servers started, and what a test does to it: asks a node behind the client's back,
// kills it, stops it, starts it again. USERINFO_TEST_REDIS_... say where it is.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/redis/cluster.h"

namespace userinfo::test {

class redis_servers {
public:
    // Throws std::runtime_error if the variables are not set.
    redis_servers();

    // Where the nodes are, and their password.
    redis::cluster_settings settings() const;
    const std::vector<redis::endpoint>& nodes() const { return nodes_; }

    // Of the node itself, which must answer. Throws std::runtime_error if it does not.
    redis::reply ask(const redis::endpoint& node, std::initializer_list<std::string_view> words) const;
    std::string text(const redis::endpoint& node, std::initializer_list<std::string_view> words) const;

    // As the nodes see it just now.
    std::vector<redis::endpoint> primaries() const;
    redis::endpoint primary_of(std::string_view key) const;
    // False also while the key has no primary.
    bool is_primary_of(std::string_view key, const redis::endpoint& node) const;
    redis::endpoint replica_of(const redis::endpoint& primary) const;

    // Returns when it is gone.
    void kill(const redis::endpoint& node) const;
    void start(const redis::endpoint& node) const;
    // It keeps its connections and says nothing, until it goes on.
    void stop(const redis::endpoint& node) const;
    void go_on(const redis::endpoint& node) const;

    // Every node answers, serves or follows, and all of them agree on who does what. Nothing is left of what a test
    // did.
    bool is_whole() const;
    // Lets all go on or starts them, and waits for that. Fails the test if it takes too long.
    void make_whole() const;

private:
    std::string folder_of(const redis::endpoint& node) const;
    int pid_of(const redis::endpoint& node) const;
    redis::slot_map slots() const;
    bool is_content(const redis::endpoint& node) const;
    std::set<std::string> primaries_seen_by(const redis::endpoint& node) const;

    std::vector<redis::endpoint> nodes_;
    std::string password_, folder_, start_command_;
};

}  // namespace userinfo::test
