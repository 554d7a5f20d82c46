// Rate limits for what clients that are logged in do beside the caches: refreshes, profile writes, forced reads. They
// are far above what people and programs need, and keep one of them from occupying the database.
#pragma once

#include "attempts/source_limits.h"
#include "base/call.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"

namespace userinfo {

// Thread-safe.
class usage_limits {
public:
    // Both must outlive it.
    usage_limits(source_limits& buckets, metrics& metrics);

    // Checks the limits of the session and of the source of `call`. errc::too_many_attempts.
    task<result<void>> admit_refresh(const call& call, uuid session);
    task<result<void>> admit_profile_write(const call& call, uuid session);
    task<result<void>> admit_forced_read(const call& call, uuid session);

private:
    task<result<void>> admit(const call& call, source_action by_source, uuid session, source_action by_session);

    source_limits& buckets_;
    counter& refused_;
};

}  // namespace userinfo
