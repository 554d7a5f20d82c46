// How many calls of each RPC ended how, and how long they took: for Prometheus.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "base/metrics.h"
#include "h2/status.h"

namespace userinfo::rpc {

// Thread-safe.
class call_figures {
public:
    enum class side { gateway, service };

    // `metrics` must outlive it.
    call_figures(userinfo::metrics& metrics, side side);
    ~call_figures();

    // A call of the method at `path`, which is one of ours.
    void observe(std::string_view path, h2::status_code code, std::chrono::nanoseconds took);

private:
    class figures_of_method;
    std::unordered_map<std::string_view, std::unique_ptr<figures_of_method>> by_path_;
};

}  // namespace userinfo::rpc
