#include "storage/memory/memory_session_cache.h"

#include <algorithm>

namespace userinfo::memory {

memory_session_cache::memory_session_cache(std::size_t capacity, const clock& clock, metrics& metrics)
    : clock_(clock), requests_(metrics, "session"), entries_(capacity) {}

task<std::optional<cached_session>> memory_session_cache::get(uuid, uuid session) {
    const auto now = clock_.now();
    const auto found = entries_.with(session, [&](clock_map<entry>& entries) -> std::optional<cached_session> {
        const auto* known = entries.find(session);
        if (known == nullptr || known->expires_at <= now) return std::nullopt;
        return known->state;
    });
    requests_.count(found.has_value());
    co_return found;
}

void memory_session_cache::put(const uuid& session, entry next) {
    const auto now = clock_.now();
    if (next.expires_at <= now) return;
    entries_.with(session, [&](clock_map<entry>& entries) {
        const auto* known = entries.find(session);
        if (known != nullptr && known->expires_at > now) {
            if (known->state == cached_session::revoked && next.state == cached_session::live) return;
            // An earlier token of the session may live longer than the current one.
            next.expires_at = std::max(next.expires_at, known->expires_at);
        }
        entries.put(session, next);
    });
}

task<void> memory_session_cache::put_live(uuid, uuid session, timestamp expires_at) {
    put(session, {.state = cached_session::live, .expires_at = expires_at});
    co_return;
}

task<bool> memory_session_cache::put_revoked(uuid, uuid session, timestamp expires_at) {
    put(session, {.state = cached_session::revoked, .expires_at = expires_at});
    co_return true;
}

}  // namespace userinfo::memory
