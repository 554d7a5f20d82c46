// Counts the hits and misses of a cache.
#pragma once

#include <string_view>

#include "base/metrics.h"

namespace userinfo {

class cache_counters {
public:
    cache_counters(metrics& metrics, std::string_view cache)
        : hits_(make(metrics, cache, "hit")), misses_(make(metrics, cache, "miss")) {}

    void count(bool hit) { (hit ? hits_ : misses_).add(); }

private:
    static counter& make(metrics& metrics, std::string_view cache, std::string_view outcome) {
        return metrics.counter("userinfo_cache_requests_total", "Questions to the caches",
                               {{"cache", cache}, {"outcome", outcome}});
    }

    counter& hits_;
    counter& misses_;
};

}  // namespace userinfo
