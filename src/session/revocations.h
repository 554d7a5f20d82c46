// Which sessions have ended though their access tokens have not expired: the reason why a log-out holds at once.
//
// SQL is the truth. Each program follows the tail of the table `revoked_session` and knows how old its view is; what
// ended through this program itself is in the set before the reply that says so.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"
#include "session/session_cache.h"
#include "session/session_store.h"

namespace userinfo {

// Thread-safe.
class revocations {
public:
    // `memory` is how long an access token lives at most: no revocation is of use for longer.
    revocations(session_store& store, session_cache& cache, const clock& clock, std::chrono::seconds memory);

    // Reads all revocations of the last `memory`. Nothing may be accepted before it succeeded.
    task<result<void>> load();

    // Follows the table every 250 ms, for ever; run it beside the requests. An error is logged
    // when it begins, and tried again.
    task<void> follow();

    // Makes the end of sessions hold: returns when no program accepts them any more. To be called after the commit that
    // ended them, before the reply that says so.
    task<void> announce(uuid account, const session_ids& ended);

    bool contains(const uuid& session) const;

    // For how long a revocation is remembered. Nothing may be held to be live for longer without asking the store.
    std::chrono::seconds memory() const { return memory_; }

    // Whether the view of the table is at most 1 s old.
    bool is_fresh() const;

private:
    task<result<void>> read_since(timestamp since);
    task<result<void>> poll();
    void insert(const uuid& session, timestamp revoked_at);
    void forget_old();

    session_store& store_;
    session_cache& cache_;
    const clock& clock_;
    const std::chrono::seconds memory_;

    mutable std::mutex mutex_;
    std::unordered_map<uuid, timestamp> revoked_;
    std::atomic<std::size_t> size_ = 0;  // of revoked_: while it is empty a look costs no lock
    std::atomic<std::chrono::steady_clock::time_point> seen_at_{};
    // Of `load` and then of follow's loop alone.
    std::uint64_t change_counter_ = 0;
    timestamp read_at_{};
};

}  // namespace userinfo
