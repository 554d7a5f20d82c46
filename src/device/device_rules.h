// What a device's row and a client's proof decide: whether the client is known, and what a log-in does to the devices
// of its account.
//
// Plain functions without I/O. A store calls them inside its transaction, on rows that it has locked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "device/device.h"

namespace userinfo {

// Whether `shown` proves that its client is `known` and did the last log-in of it.
bool is_current(const device_proof& shown, const device& known, timestamp now);

// What a log-in brings.
struct device_use {
    std::optional<device_proof> shown = {};  // of the account that it logs in to
    uuid fresh_id;                           // of the device, if it is a new one
    std::string name = {};
    timestamp at;
};

// What a log-in does to the devices of its account.
struct device_change {
    device used;
    bool is_new = false;
    std::vector<uuid> forgotten = {};
};

// If the proof is current, the device's generation rises. Otherwise the log-in makes a new device; an older proof is no
// better than none, because its device may be somebody else's by now. Of more than devices_per_account, those that were
// unused for longest are forgotten. `known`: the devices of the account.
device_change decide_device(const std::vector<device>& known, const device_use& use);

// The proof for this account, if there is one.
std::optional<device_proof> proof_for(const device_proofs& shown, const uuid& account);

// `shown` with `latest` in front, which replaces the proof for the same account.
device_proofs with_latest(const device_proofs& shown, const device_proof& latest);

}  // namespace userinfo
