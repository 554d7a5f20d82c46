// Storage of devices, for their owners. A log-in makes and renews them: session_store::open. Each function is one
// transaction.
//
// All functions may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <vector>

#include "audit/audit_event.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"
#include "device/device.h"
#include "session/principal.h"

namespace userinfo {

class device_store {
public:
    virtual ~device_store() = default;

    // Returns the account's devices, the latest used first.
    virtual task<result<std::vector<device>>> list(uuid account) = 0;

    // Deletes a device of the caller's account. errc::not_found: it has none of that id. errc::invalid_token: the
    // caller's session has ended.
    virtual task<result<void>> forget(const principal& by, uuid device, const audit_event& audit) = 0;

    // Deletes the devices whose last log-in was before `unused_since`.
    virtual task<result<void>> purge(timestamp unused_since) = 0;
};

}  // namespace userinfo
