#include "rpc/call_figures.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <string>

namespace userinfo::rpc {

namespace {

constexpr std::size_t code_count = static_cast<std::size_t>(h2::status_code::unauthenticated) + 1;

struct names {
    std::string_view calls, calls_help, seconds, seconds_help;
};

constexpr names of_gateway{"userinfo_rpc_client_calls_total", "RPCs that the gateway made, by how they ended.",
                           "userinfo_rpc_client_seconds", "How long the gateway waited for the service."};
constexpr names of_service{"userinfo_rpc_server_calls_total", "RPCs that the service answered, by how they ended.",
                           "userinfo_rpc_server_seconds", "How long the service took for an RPC."};

}  // namespace

class call_figures::figures_of_method {
public:
    figures_of_method(userinfo::metrics& metrics, const names& names, std::string_view method)
        : metrics_(metrics), names_(names), method_(method) {}

    void count(h2::status_code code) { counter_of(code).add(); }

private:
    // Made when it is first needed: of most codes there will never be one.
    userinfo::counter& counter_of(h2::status_code code) {
        auto& slot = calls_[static_cast<std::size_t>(code)];
        auto* known = slot.load(std::memory_order_acquire);
        if (known == nullptr) {
            known = &metrics_.counter(names_.calls, names_.calls_help, {{"method", method_}, {"code", name_of(code)}});
            slot.store(known, std::memory_order_release);
        }
        return *known;
    }

    userinfo::metrics& metrics_;
    const names& names_;
    const std::string_view method_;
    std::array<std::atomic<userinfo::counter*>, code_count> calls_{};
};

call_figures::call_figures(userinfo::metrics& metrics, side side) {
    const auto& names = side == side::gateway ? of_gateway : of_service;
    for (std::size_t place = 0; place < no_method; ++place)
        latencies_.push_back(&metrics.latency(names.seconds, names.seconds_help, {{"method", name(place)}}));
    for (std::size_t place = 0; place <= no_method; ++place)
        methods_.push_back(std::make_unique<figures_of_method>(metrics, names, name(place)));
}

call_figures::~call_figures() = default;

void call_figures::observe(std::size_t place, h2::status_code code, std::chrono::nanoseconds took) {
    latencies_[place]->observe(took);
    count(place, code);
}

void call_figures::count(std::size_t place, h2::status_code code) { methods_[place]->count(code); }

std::string_view call_figures::name(std::size_t place) {
    std::string_view name = "none";
    use_cases::all::for_each([&]<class UseCase> {
        if (use_cases::all::place_of<UseCase>() == place) name = UseCase::description.name;
    });
    return name;
}

}  // namespace userinfo::rpc
