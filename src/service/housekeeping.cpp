#include "service/housekeeping.h"

#include "base/log.h"
#include "base/timer.h"

namespace userinfo {

namespace {

constexpr std::chrono::hours interval{1};
// Longer than any access token lives: 24 h at most, and what clocks may differ by.
constexpr std::chrono::hours revocations_kept{48};
constexpr std::chrono::days sessions_kept{30};

}  // namespace

task<void> housekeeping::run() {
    for (;;) {
        const auto now = clock_.now();
        const auto purged = co_await store_.purge(now - revocations_kept, now - sessions_kept);
        if (!purged) log_warning("cannot forget old sessions", {{"error", purged.error().message}});
        co_await sleep_until(std::chrono::steady_clock::now() + interval);
    }
}

}  // namespace userinfo
