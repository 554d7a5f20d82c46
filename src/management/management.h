// What operators and their monitors ask, on a listener of its own that is not for clients: /metrics and /readyz.
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

    // Whether requests are wanted: false until the start is complete, and again while stopping.
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
