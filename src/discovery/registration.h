// Registers a service in etcd while it runs. A lease removes the entry soon after a crash.
#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "discovery/etcd_settings.h"
#include "discovery/service_instance.h"

namespace userinfo::discovery {

class etcd_calls;

// Runs its own thread, which keeps retrying. While etcd is down, the program runs unregistered.
class registration {
public:
    registration(const etcd_settings& settings, const service_instance& instance);

    // Withdraws, unless `withdraw` was called.
    ~registration();

    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;

    // Waits until the service is registered for the first time. False if etcd takes longer than `patience`.
    bool wait_until_announced(std::chrono::milliseconds patience) const;

    // Removes the registration. Returns when the gateways have been told, or after one or two seconds if etcd does not
    // answer.
    void withdraw();

private:
    void run();
    bool go_on();
    void forget_lease();
    bool grant();
    bool announce();
    bool keep_alive();
    bool revoke();

    const std::string key_, value_;
    const std::chrono::seconds time_to_live_;
    const std::unique_ptr<etcd_calls> calls_;
    // Used by the thread, and by `withdraw` after the thread has ended.
    std::optional<std::int64_t> lease_;  // the key may be attached to it
    bool announced_ = false;
    bool was_announced_ = false;
    std::promise<void> first_announcement_;
    const std::future<void> is_announced_ = first_announcement_.get_future();
    std::thread thread_;
};

}  // namespace userinfo::discovery
