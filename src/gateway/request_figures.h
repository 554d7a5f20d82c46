// Metrics of requests: counts and latencies by route and status.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "http/message.h"
#include "http/router.h"

namespace userinfo::gateway {

// Thread-safe.
class request_figures {
public:
    // `metrics` and what `routes` point to must outlive it.
    request_figures(metrics& metrics, std::span<const http::route> routes);

    // `route` is an index into the table; its size stands for a request without a route.
    void record(std::size_t route, unsigned status, std::chrono::steady_clock::duration took);

    // The pattern of a route; "none" for a request without a route.
    std::string_view name(std::size_t route) const { return routes_[route].pattern; }

private:
    static constexpr unsigned lowest_status = 100;
    static constexpr unsigned highest_status = 599;

    // Counters are created when their status is first sent, so that the metrics list only what happened.
    struct figures_of_route {
        latency_histogram* latency = nullptr;
        std::array<std::atomic<counter*>, highest_status - lowest_status + 1> counters{};
    };

    counter& counter_of(std::size_t route, unsigned status);

    metrics& metrics_;
    std::vector<http::route> routes_;
    std::unique_ptr<figures_of_route[]> figures_;
};

}  // namespace userinfo::gateway
