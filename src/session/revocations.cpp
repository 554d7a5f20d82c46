#include "session/revocations.h"

#include <algorithm>

#include "base/log.h"
#include "base/timer.h"

namespace userinfo {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds poll_interval{250};
constexpr std::chrono::milliseconds freshness{1000};
// An unconfirmed revocation is effective once every other program has polled, or no longer trusts its view.
constexpr std::chrono::milliseconds unconfirmed_wait{1100};
// Transactions become visible out of time order, and each program uses its own clock. No transaction takes 10 s, and
// clocks may differ by 30 s, as for tokens.
constexpr std::chrono::seconds overlap{40};
// A commit may hang for longer, for example on a full disk, while others read. Its rows appear with an older time. How
// often a look goes back as far as tokens live, to find them.
constexpr std::chrono::seconds between_far_looks{30};
// Requests wait for the set while a round forgets. 8,000 a second are more than a database can write.
constexpr std::size_t forgotten_at_once = 2000;

}  // namespace

revocations::revocations(session_store& store, session_cache& cache, const clock& clock, std::chrono::seconds memory)
    : store_(store), cache_(cache), clock_(clock), memory_(memory + overlap) {}

task<result<void>> revocations::load() {
    const auto now = clock_.now();
    auto loaded = co_await read_since(now - memory_, now);
    if (loaded) looked_far_at_ = now;
    co_return loaded;
}

task<void> revocations::follow() {
    bool could_read = true;
    for (;;) {
        co_await sleep_until(steady::now() + poll_interval);
        const auto polled = co_await poll();
        if (could_read && !polled) log_warning("cannot read the revoked sessions", {{"error", polled.error().message}});
        if (!could_read && polled) log_info("reads the revoked sessions again");
        could_read = polled.has_value();
        forget_some();
    }
}

// Reads everything since the last view, however long ago. The database may have been down.
task<result<void>> revocations::poll() {
    const auto now = clock_.now();
    const bool looks_far = now < looked_far_at_ || now - looked_far_at_ >= between_far_looks;
    auto read = co_await read_since(looks_far ? now - memory_ : std::min(now, read_at_) - overlap, now);
    if (read && looks_far) looked_far_at_ = now;
    co_return read;
}

task<result<void>> revocations::read_since(timestamp since, timestamp now) {
    const auto began = steady::now();
    const auto view = co_await store_.revoked_since(since);
    if (!view) co_return std::unexpected(view.error());
    for (const auto& revocation : view->revoked) insert(revocation.session, revocation.revoked_at);
    const auto age = std::max(began - view->as_of, steady::duration(0));
    read_at_ = now - std::chrono::ceil<std::chrono::microseconds>(age);
    seen_at_ = std::min(began, view->as_of);
    co_return result<void>();
}

task<void> revocations::announce(uuid account, const session_ids& ended) {
    const auto committed = steady::now();
    const auto now = clock_.now();
    for (const auto& session : ended) insert(session, now);
    bool confirmed = true;
    for (const auto& session : ended) {
        confirmed = co_await cache_.put_revoked(account, session, now + memory_) && confirmed;
    }
    if (!confirmed) co_await sleep_until(committed + unconfirmed_wait);
}

bool revocations::contains(const uuid& session) const {
    if (size_.load(std::memory_order_acquire) == 0) return false;
    const std::scoped_lock lock(mutex_);
    return revoked_.contains(session);
}

bool revocations::is_fresh() const { return steady::now() - seen_at_.load(std::memory_order_acquire) <= freshness; }

void revocations::insert(const uuid& session, timestamp revoked_at) {
    const std::scoped_lock lock(mutex_);
    const auto [known, is_new] = revoked_.try_emplace(session, revoked_at);
    if (!is_new && known->second >= revoked_at) return;
    known->second = revoked_at;
    by_age_.push({.revoked_at = revoked_at, .session = session});
    size_.store(revoked_.size(), std::memory_order_release);
}

void revocations::forget_some() {
    const auto oldest = clock_.now() - memory_;
    const std::scoped_lock lock(mutex_);
    for (std::size_t i = 0; i < forgotten_at_once && !by_age_.empty(); ++i) {
        const auto& next = by_age_.top();
        if (next.revoked_at >= oldest) break;
        const auto known = revoked_.find(next.session);
        // A session that was inserted again with a later time has another entry.
        if (known != revoked_.end() && known->second == next.revoked_at) revoked_.erase(known);
        by_age_.pop();
    }
    size_.store(revoked_.size(), std::memory_order_release);
}

}  // namespace userinfo
