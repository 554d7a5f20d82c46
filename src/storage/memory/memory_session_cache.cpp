#include "storage/memory/memory_session_cache.h"

#include <algorithm>

namespace userinfo::memory {

memory_session_cache::memory_session_cache(std::size_t capacity, const clock& clock, metrics& metrics)
    : clock_(clock), requests_(metrics, "session"), entries_(capacity) {}

task<known_session> memory_session_cache::get(uuid, uuid session) {
    const auto now = clock_.now();
    const auto found = entries_.with(session, [&](clock_map<entry>& entries) -> known_session {
        const auto* stored = entries.find(session);
        if (stored == nullptr || stored->expires_at <= now) return {};
        return stored->known;
    });
    requests_.count(found.state.has_value());
    co_return found;
}

void memory_session_cache::put(const uuid& session, cached_session state, timestamp expires_at) {
    const auto now = clock_.now();
    if (expires_at <= now) return;
    entries_.with(session, [&](clock_map<entry>& entries) {
        entry next{.known = {.state = state}, .expires_at = expires_at};
        const auto* stored = entries.find(session);
        if (stored != nullptr && stored->expires_at > now) {
            const auto& known = stored->known;
            if (known.state == cached_session::revoked && state == cached_session::live) return;
            next.known.arrived = known.arrived;
            // An earlier token of the session may live longer than the current one.
            if (known.state) next.expires_at = std::max(expires_at, stored->expires_at);
        }
        entries.put(session, next);
    });
}

task<void> memory_session_cache::put_live(uuid, uuid session, timestamp expires_at) {
    put(session, cached_session::live, expires_at);
    co_return;
}

task<void> memory_session_cache::put_arrived(uuid, uuid session, std::uint64_t generation, timestamp expires_at) {
    const auto now = clock_.now();
    if (expires_at <= now) co_return;
    entries_.with(session, [&](clock_map<entry>& entries) {
        auto* stored = entries.find(session);
        if (stored == nullptr || stored->expires_at <= now) {
            entries.put(session, {.known = {.arrived = generation}, .expires_at = expires_at});
        } else {
            // The state must not live for longer because of it.
            stored->known.arrived = std::max(stored->known.arrived, generation);
        }
    });
}

task<bool> memory_session_cache::put_revoked(uuid, uuid session, timestamp expires_at) {
    put(session, cached_session::revoked, expires_at);
    co_return true;
}

}  // namespace userinfo::memory
