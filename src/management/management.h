// The handler of the management listener, which serves /metrics and /readyz to operators and monitoring, not to
// clients.
#pragma once

#include <atomic>

#include "base/metrics.h"
#include "http/handler.h"
#include "http/router.h"

namespace userinfo {

// Thread-safe.
class management final : public http::handler {
public:
    // `metrics` must outlive it.
    explicit management(const metrics& metrics);

    // Whether the program accepts requests: false until it has started and again during shutdown.
    void set_ready(bool ready) { ready_ = ready; }

    task<http::reply> handle(const http::request& request) override;
    http::reply reject(http::rejection why) override;

private:
    http::reply answer(const http::request& request) const;

    const metrics& metrics_;
    const http::router router_;
    std::atomic<bool> ready_ = false;
};

}  // namespace userinfo
