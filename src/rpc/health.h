// grpc.health.v1: tells clients whether the service is ready, on request or as a stream of changes.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "h2/server_call.h"

namespace userinfo::rpc {

// Not ready at first. Thread-safe.
class health {
public:
    static constexpr std::string_view check_path = "/grpc.health.v1.Health/Check";
    static constexpr std::string_view watch_path = "/grpc.health.v1.Health/Watch";

    // A stream of changes ends after `watch_time`; its client opens another one.
    explicit health(std::chrono::steady_clock::duration watch_time = std::chrono::hours(1)) : watch_time_(watch_time) {}

    void set_serving(bool serving);
    // The service will not become ready again. Tells that to watching clients and ends their streams.
    void end();

    task<void> check(h2::server_call& call);
    task<void> watch(h2::server_call& call);

private:
    class watcher;

    enum class state { serving, not_serving, ended };

    void turn(state next);
    void forget(const watcher& gone);

    const std::chrono::steady_clock::duration watch_time_;
    std::mutex mutex_;
    state state_ = state::not_serving;
    std::vector<std::shared_ptr<watcher>> watchers_;
};

}  // namespace userinfo::rpc
