// How gateways find services, by their settings: a list of their own, or etcd.
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

// Tells a gateway's `userinfo` where the services are for as long as it lives.
class followed_services {
public:
    // Throws config_error: etcd may not be asked so.
    followed_services(const settings& settings, rpc::remote_userinfo& userinfo, metrics& metrics);

private:
    std::optional<discovery::watcher> watcher_;  // nothing: the list is fixed
};

// Throws config_error: a service with these settings could not be announced.
void require_announceable(const settings& settings);

// Announces a service that listens at `address`. Null: it is in the gateways' lists.
std::unique_ptr<discovery::registration> announce_service(const settings& settings, const std::string& address);

}  // namespace userinfo::programs
