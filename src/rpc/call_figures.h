// Metrics of RPCs: counts by method and status, and latencies by method.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "h2/status.h"
#include "service/use_cases.h"

namespace userinfo::rpc {

// Thread-safe.
class call_figures {
public:
    enum class side { gateway, service };

    // The place of calls to whatever is no use case.
    static constexpr std::size_t no_method = use_cases::all::size;

    // `metrics` must outlive it.
    call_figures(userinfo::metrics& metrics, side side);
    ~call_figures();

    template <class UseCase>
    void observe(h2::status_code code, std::chrono::nanoseconds took) {
        observe(use_cases::all::place_of<UseCase>(), code, took);
    }

    // Counts a call that was not answered. Its time would say nothing of the method. `place`: in the list of use cases,
    // or `no_method`.
    void count(std::size_t place, h2::status_code code);

    // The name of a method; "none" for `no_method`.
    static std::string_view name(std::size_t place);

private:
    class figures_of_method;

    void observe(std::size_t place, h2::status_code code, std::chrono::nanoseconds took);

    // In the order of the list of use cases; the last is `no_method`.
    std::vector<std::unique_ptr<figures_of_method>> methods_;
    std::vector<latency_histogram*> latencies_;  // without `no_method`
};

}  // namespace userinfo::rpc
