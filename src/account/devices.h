// The use cases of devices: their owner lists and forgets them. A log-in makes them: accounts.h.
#pragma once

#include <string_view>
#include <vector>

#include "account/device_store.h"
#include "base/call.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "device/device_seal.h"
#include "session/principal.h"

namespace userinfo {

struct owned_device {
    device value;
    bool current = false;  // the one that the client showed
};

// Errors as for the functions of device_store with these names. Thread-safe.
class devices {
public:
    // All must outlive it.
    devices(device_store& store, const device_seal& seal, const clock& clock)
        : store_(store), seal_(seal), clock_(clock) {}

    // `shown`: as for accounts::log_in.
    task<result<std::vector<owned_device>>> list(const principal& by, std::string_view shown);
    task<result<void>> forget(const call& call, const principal& by, uuid device);

private:
    device_store& store_;
    const device_seal& seal_;
    const clock& clock_;
};

}  // namespace userinfo
