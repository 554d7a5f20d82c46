// Redis Cluster as one map of keys. A cache must never be what makes a request slow or fails it: when a node does not
// answer, whoever asks is told so within the limit, and soon at once, until it answers again.
//
// Each io_context has connections of its own to each node, so that no lock is on the path of a question.
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
    std::vector<endpoint> seeds;  // nodes to find the others by
    std::string password;         // empty: none
    std::chrono::milliseconds time_limit{50};
    std::chrono::milliseconds confirmation_limit{200};
    std::chrono::milliseconds refresh_interval{5000};
};

// Thread-safe. There is at least one io_context. The threads of its io_contexts must have ended before it does, and
// they before the io_contexts.
class cluster {
public:
    // A question is asked on the io_context of its coroutine; one that is not of `contexts` hands it to the first.
    cluster(cluster_settings settings, const std::vector<asio::io_context*>& contexts, metrics& metrics);
    ~cluster();

    cluster(const cluster&) = delete;
    cluster& operator=(const cluster&) = delete;

    // Asks any node which node serves what. False: none answers.
    task<bool> load();

    // Probes nodes that are aside and looks again at who serves what, for ever; run it beside the questions, on the
    // first io_context.
    task<void> follow();

    // The reply to `command`, whose keys are all in the slot of `key`; never an error.
    task<answer> ask(std::string_view key, std::string command);

    // Runs it with `key` as its only key. The reply is never an error.
    task<answer> run(const script& script, std::string_view key, std::vector<std::string> arguments);

    // Whether the command succeeded and a replica has confirmed what it wrote.
    task<bool> ask_confirmed(std::string_view key, std::string command);

private:
    struct topology;
    class lane;

    struct question {
        std::uint16_t slot;
        std::string commands;
        std::size_t replies;
        bool waits_for_replicas;
    };

    lane* lane_of(const io_executor& executor) const;
    task<answers> exchange(question question);
    task<answers> exchange_on(lane& here, question question);
    task<answers> try_nodes(lane& here, const question& question);
    answer only_answer(answers got);
    void count_declined(const reply_part& error);
    void complain(std::string_view error);

    task<bool> refresh(lane& here);
    task<bool> refresh_from(lane& here, cluster_node& node);
    void publish(slot_map slots);
    std::vector<cluster_node*> known_nodes();
    task<void> probe_nodes(lane& here);
    task<void> probe(lane& here, cluster_node& node);
    std::shared_ptr<const topology> current_topology(std::uint64_t& version) const;
    cluster_node& node_at(const endpoint& where);
    std::size_t count_aside();

    const cluster_settings settings_;
    std::vector<std::unique_ptr<lane>> lanes_;
    cluster_figures figures_;
    std::atomic<bool> wants_refresh_ = false;
    std::atomic<std::uint64_t> version_ = 0;  // of topology_
    std::atomic<std::chrono::steady_clock::time_point> complained_at_{};
    std::size_t asked_last_ = 0;  // which node the last look began with; of the first io_context alone

    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<cluster_node>> nodes_;  // all that were ever met; none goes
    std::shared_ptr<const topology> topology_;          // null until a node has answered
};

}  // namespace userinfo::redis
