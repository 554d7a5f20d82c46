// Metrics of RPCs: counts by method and status, and latencies by method.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/metrics.h"
#include "h2/status.h"
#include "service/use_cases.h"

namespace userinfo::rpc {

// Thread-safe.
class call_figures {
public:
    enum class side { gateway, service };

    // `metrics` must outlive it.
    call_figures(userinfo::metrics& metrics, side side);
    ~call_figures();

    template <class UseCase>
    void observe(h2::status_code code, std::chrono::nanoseconds took) {
        observe(use_cases::all::place_of<UseCase>(), code, took);
    }

private:
    class figures_of_method;

    void observe(std::size_t place, h2::status_code code, std::chrono::nanoseconds took);

    // In the order of the list of use cases.
    std::vector<std::unique_ptr<figures_of_method>> methods_;
};

}  // namespace userinfo::rpc
