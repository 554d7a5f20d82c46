// A Redis Cluster client for caches. A slow or dead node must not slow down requests: a query fails within the time
// limit, and immediately once the node is known to be down, until the node answers again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "base/task.h"
#include "storage/redis/cluster_figures.h"
#include "storage/redis/cluster_node.h"
#include "storage/redis/cluster_slots.h"
#include "storage/redis/connection.h"
#include "storage/redis/reply.h"
#include "storage/redis/script.h"

namespace userinfo::redis {

using answer = std::expected<reply, failure>;

struct cluster_settings {
    std::vector<endpoint> seeds;  // nodes to discover the others from
    std::string password;         // empty: none
    std::chrono::milliseconds time_limit{50};
    std::chrono::milliseconds confirmation_limit{200};
    std::chrono::milliseconds refresh_interval{5000};
};

// Thread-safe. Each io_context has its own connections to each node, so that queries take no locks. Destroy in this
// order: end the threads of `contexts`, destroy the cluster, destroy the contexts.
class cluster {
public:
    // `contexts` must not be empty. A query runs on the io_context of its coroutine. If that is not one of `contexts`,
    // it runs on the first one.
    cluster(cluster_settings settings, const std::vector<asio::io_context*>& contexts, metrics& metrics);
    ~cluster();

    cluster(const cluster&) = delete;
    cluster& operator=(const cluster&) = delete;

    // Loads the slot map from any node. Returns false if none answers.
    task<bool> load();

    // Probes nodes that are set aside and refreshes the slot map, forever. Run it beside the queries, on the first
    // io_context.
    task<void> follow();

    // Sends `command`, whose keys must all be in the slot of `key`. The returned reply is never an error reply.
    task<answer> ask(std::string_view key, std::string command);

    // Runs `script` with `key` as its only key. The returned reply is never an error reply.
    task<answer> run(const script& script, std::string_view key, std::vector<std::string> arguments);

    // Returns whether the command succeeded and a replica has confirmed the write.
    task<bool> ask_confirmed(std::string_view key, std::string command);

private:
    struct topology;
    class context_connections;

    struct question {
        std::uint16_t slot;
        std::string commands;
        std::size_t replies;
        bool waits_for_replicas;
    };

    context_connections* connections_of(const io_executor& executor) const;
    task<answers> dispatch(question question);
    task<answers> dispatch_on(context_connections& here, question question);
    task<answers> try_nodes(context_connections& here, const question& question);
    answer only_answer(answers got);
    void count_declined(const reply_part& error);
    void complain(std::string_view error);

    task<bool> refresh(context_connections& here);
    task<bool> refresh_from(context_connections& here, cluster_node& node);
    void publish(slot_map slots);
    std::vector<cluster_node*> known_nodes();
    task<void> probe_nodes(context_connections& here);
    task<void> probe(context_connections& here, cluster_node& node);
    std::shared_ptr<const topology> current_topology(std::uint64_t& version) const;
    cluster_node& node_at(const endpoint& where);
    std::size_t count_aside();

    const cluster_settings settings_;
    std::vector<std::unique_ptr<context_connections>> connections_;
    cluster_figures figures_;
    std::atomic<bool> wants_refresh_ = false;
    std::atomic<std::uint64_t> version_ = 0;  // of topology_
    std::atomic<std::chrono::steady_clock::time_point> complained_at_{};
    std::size_t asked_last_ = 0;  // the node that the last refresh started with; used on the first io_context only

    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<cluster_node>> nodes_;  // all nodes ever met; none is removed
    std::shared_ptr<const topology> topology_;          // null until a node has answered
};

}  // namespace userinfo::redis
