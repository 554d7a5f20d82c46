// The metrics of the Redis Cluster client.
#pragma once

#include <utility>

#include "base/metrics.h"
#include "storage/redis/connection.h"

namespace userinfo::redis {

class cluster_figures {
public:
    explicit cluster_figures(metrics& metrics)
        : commands_(metrics.counter("userinfo_redis_commands_total", "Questions to Redis")),
          time_outs_(metrics.counter("userinfo_redis_timeouts_total", "Questions that Redis did not answer in time")),
          unreachable_(make_errors(metrics, "unreachable")),
          lost_(make_errors(metrics, "lost")),
          aside_(make_errors(metrics, "aside")),
          declined_(make_errors(metrics, "declined")) {}

    void count_command() { commands_.add(); }

    void count(failure why) {
        switch (why) {
            case failure::unreachable: return unreachable_.add();
            case failure::timed_out: return time_outs_.add();
            case failure::lost: return lost_.add();
            case failure::nobody: return aside_.add();
            case failure::declined: return declined_.add();
        }
        std::unreachable();
    }

private:
    static counter& make_errors(metrics& metrics, std::string_view why) {
        return metrics.counter("userinfo_redis_errors_total", "Questions to Redis without an answer, time-outs apart",
                               {{"why", why}});
    }

    counter& commands_;
    counter& time_outs_;
    counter& unreachable_;
    counter& lost_;
    counter& aside_;
    counter& declined_;
};

}  // namespace userinfo::redis
