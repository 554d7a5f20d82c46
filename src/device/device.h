// A device: a browser or a program that has logged in to an account before. It never logs anybody in. It gives its
// account's log-ins a count of failures of their own, so that strangers who fail do not slow down the owner (OWASP,
// "Slow Down Online Guessing Attacks with Device Cookies").
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"

namespace userinfo {

inline constexpr std::chrono::days device_lifetime{400};  // since its last log-in
inline constexpr std::size_t devices_per_account = 20;
inline constexpr std::size_t devices_per_client = 5;

// A device as its account keeps it.
struct device {
    uuid id;
    std::uint64_t generation = 1;  // rises with each log-in
    std::string name;              // the user agent of its last log-in
    timestamp created_at;
    timestamp last_used_at;  // at its last log-in

    bool operator==(const device&) const = default;
};

// What a client has of a device, and shows.
struct device_proof {
    uuid account;
    uuid device;
    std::uint64_t generation = 0;  // an older one than the device's proves nothing

    bool operator==(const device_proof&) const = default;
};

// All that one client has, since several accounts may share a browser: one for each account, the latest first, at most
// devices_per_client.
using device_proofs = std::vector<device_proof>;

// The caller's account has no device of that id.
inline error no_such_device() { return {.code = errc::not_found, .message = "There is no such device."}; }

}  // namespace userinfo
