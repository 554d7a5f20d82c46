// Tracks sessions that have ended while their access tokens have not expired yet. This makes a log-out effective
// immediately.
//
// The database is authoritative. Each program polls the end of the table `revoked_session` and knows the age of its
// view. Sessions that end through this program are in the set before the reply is sent.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <queue>
#include <unordered_map>
#include <vector>

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
    // `memory` is the maximum lifetime of an access token. A revocation is not needed for longer.
    revocations(session_store& store, session_cache& cache, const clock& clock, std::chrono::seconds memory);

    // Reads all revocations of the last `memory`. No token may be accepted before this has succeeded.
    task<result<void>> load();

    // Polls the table every 250 ms, forever. Run it beside the requests. Errors are logged when they start, and
    // retried.
    task<void> follow();

    // Forgets sessions whose access tokens have expired, the oldest first, and only so many that nobody waits for long.
    // `follow` does it in each round.
    void forget_some();

    // Makes the end of sessions effective. Returns when no program accepts them any more. Call it after the commit that
    // ended them and before the reply.
    task<void> announce(uuid account, const session_ids& ended);

    bool contains(const uuid& session) const;

    // How long a revocation is remembered. A session must not be cached as live for longer.
    std::chrono::seconds memory() const { return memory_; }

    // Whether the view of the table is at most 1 s old.
    bool is_fresh() const;

private:
    // The session's place in the order in which sessions are forgotten.
    struct aged_session {
        timestamp revoked_at;
        uuid session;

        bool operator>(const aged_session& other) const { return revoked_at > other.revoked_at; }
    };

    // `now`: by our clock, when the reading begins.
    task<result<void>> read_since(timestamp since, timestamp now);
    task<result<void>> poll();
    void insert(const uuid& session, timestamp revoked_at);

    session_store& store_;
    session_cache& cache_;
    const clock& clock_;
    const std::chrono::seconds memory_;

    mutable std::mutex mutex_;
    std::unordered_map<uuid, timestamp> revoked_;
    std::priority_queue<aged_session, std::vector<aged_session>, std::greater<>> by_age_;
    std::atomic<std::size_t> size_ = 0;  // of revoked_; lets a look-up skip the lock while it is 0
    std::atomic<std::chrono::steady_clock::time_point> seen_at_{};
    // Used by `load`, then only by `follow`.
    timestamp read_at_{};
    timestamp looked_far_at_{};
};

}  // namespace userinfo
