// Forgets what has no use any more: revocations that outlived every access token, sessions that ended long ago.
#pragma once

#include "account/session_store.h"
#include "base/clock.h"
#include "base/task.h"

namespace userinfo {

class housekeeping {
public:
    // Both must outlive it.
    housekeeping(session_store& store, const clock& clock) : store_(store), clock_(clock) {}

    // Cleans up once an hour, for ever; run it beside the requests. An error is logged and tried again.
    task<void> run();

private:
    session_store& store_;
    const clock& clock_;
};

}  // namespace userinfo
