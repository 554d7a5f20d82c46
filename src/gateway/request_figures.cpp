#include "gateway/request_figures.h"

#include <string>

namespace userinfo::gateway {

request_figures::request_figures(metrics& metrics, std::span<const http::route> routes)
    : metrics_(metrics), routes_(routes.begin(), routes.end()) {
    routes_.push_back({.method = http::method::other, .pattern = "none"});
    figures_ = std::make_unique<figures_of_route[]>(routes_.size());
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        figures_[i].latency =
            &metrics_.latency("userinfo_http_request_seconds", "Time from a request's last byte to its reply.",
                              {{"method", to_string(routes_[i].method)}, {"route", name(i)}});
    }
}

void request_figures::record(std::size_t route, unsigned status, std::chrono::steady_clock::duration took) {
    figures_[route].latency->observe(took);
    counter_of(route, status).add();
}

counter& request_figures::counter_of(std::size_t route, unsigned status) {
    auto& slot = figures_[route].counters[status - lowest_status];
    if (auto* known = slot.load(std::memory_order_acquire)) return *known;
    auto& made = metrics_.counter(
        "userinfo_http_requests_total", "Requests answered, by route and status.",
        {{"method", to_string(routes_[route].method)}, {"route", name(route)}, {"status", std::to_string(status)}});
    slot.store(&made, std::memory_order_release);
    return made;
}

}  // namespace userinfo::gateway
