#include "storage/memory/memory_source_limits.h"

#include <algorithm>

#include "base/sha256.h"

namespace userinfo::memory {

namespace {

uuid key_of(source_action action, const std::string& source) {
    const auto digest = sha256(std::to_string(static_cast<int>(action)) + ' ' + source);
    uuid::byte_array bytes;
    std::copy_n(digest.begin(), bytes.size(), bytes.begin());
    return uuid(bytes);
}

}  // namespace

task<std::optional<std::chrono::microseconds>> memory_source_limits::take(source_action action, std::string source) {
    const auto& rate = rates_.of(action);
    const std::chrono::microseconds each = std::chrono::microseconds(std::chrono::minutes(1)) / rate.per_minute;
    const std::chrono::microseconds whole = each * rate.burst;
    const auto now = clock_.now();
    const auto key = key_of(action, source);
    co_return full_at_.with(key, [&](clock_map<timestamp>& buckets) -> std::optional<std::chrono::microseconds> {
        const auto* known = buckets.find(key);
        // Later than even an empty bucket can be full again: the clock was set back.
        const bool usable = known != nullptr && *known > now && *known <= now + whole;
        const auto full_at = (usable ? *known : now) + each;
        if (full_at > now + whole) return full_at - (now + whole);
        buckets.put(key, full_at);
        return std::nullopt;
    });
}

}  // namespace userinfo::memory
