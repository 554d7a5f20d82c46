#include "session/arrivals.h"

#include "base/log.h"
#include "base/spawn.h"

namespace userinfo {

namespace {

using steady = std::chrono::steady_clock;

// Bounds what waits for a slow database.
constexpr std::size_t most_at_once = 1'000;
constexpr std::chrono::seconds pause{1};

}  // namespace

void arrivals::note(const io_executor& executor, const access_claims& shown) {
    if (steady::now() < paused_until_.load(std::memory_order_relaxed) || !begin(shown.session)) return;
    spawn(executor, "arrival of a token", write(shown.subject, shown.session, shown.generation, shown.expires_at),
          [this, session = shown.session] { end(session); });
}

task<void> arrivals::write(uuid account, uuid session, std::uint64_t generation, timestamp expires_at) {
    const auto noted = co_await store_.note_arrival(session, generation);
    if (noted) {
        // Also if it was noted before, or the session has gone on since: there is nothing more to write.
        co_await cache_.put_arrived(account, session, generation, expires_at);
    } else if (noted.error().code == errc::unavailable || noted.error().code == errc::overloaded) {
        paused_until_ = steady::now() + pause;
    } else {
        log_warning("cannot note that a token has arrived", {{"error", noted.error().message}});
    }
}

bool arrivals::begin(const uuid& session) {
    const std::scoped_lock lock(mutex_);
    return under_way_.size() < most_at_once && under_way_.insert(session).second;
}

void arrivals::end(const uuid& session) {
    const std::scoped_lock lock(mutex_);
    under_way_.erase(session);
}

}  // namespace userinfo
