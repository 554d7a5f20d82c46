#include "service/housekeeping.h"

#include "base/log.h"
#include "base/timer.h"
#include "device/device.h"
#include "session/access_lifetime.h"

namespace userinfo {

namespace {

constexpr std::chrono::hours interval{1};
// Longer than any access token lives, by more than clocks may differ.
constexpr std::chrono::hours revocations_kept = longest_access_lifetime + std::chrono::hours(24);
constexpr std::chrono::days sessions_kept{30};
constexpr std::chrono::hours failures_kept{24};

}  // namespace

task<void> housekeeping::clean_up() {
    const auto now = clock_.now();
    const auto sessions = co_await sessions_.purge(now - revocations_kept, now - sessions_kept);
    if (!sessions) log_warning("cannot forget old sessions", {{"error", sessions.error().message}});
    const auto devices = co_await devices_.purge(now - device_lifetime);
    if (!devices) log_warning("cannot forget unused devices", {{"error", devices.error().message}});
    const auto attempts = co_await attempts_.purge(now - failures_kept, now);
    if (!attempts) log_warning("cannot forget old failed attempts", {{"error", attempts.error().message}});
    const auto events = co_await audit_.apply();
    if (!events) log_warning("cannot forget old audit events", {{"error", events.error().message}});
}

task<void> housekeeping::run() {
    for (;;) {
        co_await clean_up();
        co_await sleep_until(std::chrono::steady_clock::now() + interval);
    }
}

}  // namespace userinfo
