// Counts the connections that a listener refuses or ends because of its limits, and logs them without flooding the log.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "base/now_and_then.h"
#include "net/connection_source.h"

namespace userinfo::net {

enum class refusal {
    full,       // the listener has as many connections as it may
    source,     // the source has its share
    displaced,  // its peer had not proven itself, and others came
    unproven    // its peer did not prove itself in time
};

// Thread-safe.
class refused_connections {
public:
    // `listener` names the listener in metrics and log. `reasons`: why it refuses connections. `metrics` must outlive
    // it.
    refused_connections(metrics& metrics, std::string_view listener, std::initializer_list<refusal> reasons);

    // Logs the first one, and at most one line a minute for each reason. `why` must be one of the reasons.
    void count(refusal why, const connection_source& source);

private:
    static constexpr auto all_reasons = static_cast<std::size_t>(refusal::unproven) + 1;

    struct figures {
        counter* total = nullptr;
        std::atomic<std::uint64_t> since_last_line = 0;
        now_and_then line{std::chrono::minutes(1)};
    };

    const std::string listener_;
    std::array<figures, all_reasons> figures_;
};

}  // namespace userinfo::net
