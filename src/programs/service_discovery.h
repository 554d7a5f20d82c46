// Service discovery as configured: a fixed list of services, or etcd.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/metrics.h"
#include "discovery/registration.h"
#include "discovery/watcher.h"
#include "programs/settings.h"
#include "rpc/remote_userinfo.h"

namespace userinfo::programs {

// Keeps a gateway's list of services up to date during its own lifetime.
class followed_services {
public:
    // Throws config_error if the settings do not allow a connection to etcd.
    followed_services(const settings& settings, rpc::remote_userinfo& userinfo, metrics& metrics);

    // Waits until etcd has told which services there are, or has not answered for two seconds.
    void wait_until_known() const;

    // Whether there is a service to call. One that etcd no longer names is called on. Thread-safe.
    bool have_been_known() const { return have_been_known_; }

private:
    std::atomic<bool> have_been_known_ = false;
    std::optional<discovery::watcher> watcher_;  // empty if the list is fixed
};

// Throws config_error if a service with these settings cannot be registered.
void require_announceable(const settings& settings);

// Registers a service that listens at `address`, and waits until etcd has it or has not answered for two seconds. Null
// if the gateways have fixed lists.
std::unique_ptr<discovery::registration> announce_service(const settings& settings, const std::string& address);

}  // namespace userinfo::programs
