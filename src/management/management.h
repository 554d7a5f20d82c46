// The handler of the management listener, which serves /metrics and /readyz to operators and monitoring, not to
// clients.
#pragma once

#include <atomic>
#include <functional>

#include "base/metrics.h"
#include "http/handler.h"
#include "http/router.h"

namespace userinfo {

// Thread-safe.
class management final : public http::handler {
public:
    // `metrics` must outlive it. `can_serve`, called from any thread: whether requests that the program accepts have a
    // chance.
    explicit management(const metrics& metrics, std::function<bool()> can_serve = [] { return true; });

    // Whether the program accepts requests: false until it has started and again during shutdown. It is ready if it
    // also can serve them.
    void set_accepting(bool accepting) { accepting_ = accepting; }

    task<http::reply> handle(const http::request& request) override;
    http::reply reject(http::rejection why, std::string_view peer_address) override;

private:
    http::reply answer(const http::request& request) const;

    const metrics& metrics_;
    const http::router router_;
    const std::function<bool()> can_serve_;
    std::atomic<bool> accepting_ = false;
};

}  // namespace userinfo
