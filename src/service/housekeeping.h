// Deletes data that is no longer needed: revocations older than any access token, sessions that ended long ago, devices
// unused for long, old failed attempts, audit events past their retention.
#pragma once

#include "account/device_store.h"
#include "attempts/throttle_store.h"
#include "audit/audit_retention.h"
#include "base/clock.h"
#include "base/task.h"
#include "session/session_store.h"

namespace userinfo {

class housekeeping {
public:
    // All must outlive it.
    housekeeping(session_store& sessions, device_store& devices, throttle_store& attempts, audit_retention& audit,
                 const clock& clock)
        : sessions_(sessions), devices_(devices), attempts_(attempts), audit_(audit), clock_(clock) {}

    // Cleans up at once and then every hour, without end. Run it in the background. Logs an error and retries after an
    // hour.
    task<void> run();

private:
    task<void> clean_up();

    session_store& sessions_;
    device_store& devices_;
    throttle_store& attempts_;
    audit_retention& audit_;
    const clock& clock_;
};

}  // namespace userinfo
