// Notes which refresh tokens have reached their client. The first request in which a client shows an access token of a
// new generation proves that it has the refresh token of that generation, too, and ends the grace of the one before
// (session/rotation.h).
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <unordered_set>

#include "base/clock.h"
#include "base/task.h"
#include "base/uuid.h"
#include "session/session_cache.h"
#include "session/session_store.h"
#include "tokens/access_token.h"

namespace userinfo {

// Thread-safe.
class arrivals {
public:
    // Both must outlive it, and the tasks that it starts.
    arrivals(session_store& store, session_cache& cache) : store_(store), cache_(cache) {}

    // Starts to write that the client has shown `shown`, in the background: one write for a session and generation, if
    // the cache keeps it. Whatever is not written now, such as while the database does not answer, is written when the
    // client shows the token again.
    void note(const io_executor& executor, const access_claims& shown);

private:
    task<void> write(uuid account, uuid session, std::uint64_t generation, timestamp expires_at);
    bool begin(const uuid& session);
    void end(const uuid& session);

    session_store& store_;
    session_cache& cache_;
    std::atomic<std::chrono::steady_clock::time_point> paused_until_{};  // after the database did not answer
    std::mutex mutex_;
    std::unordered_set<uuid> under_way_;
};

}  // namespace userinfo
