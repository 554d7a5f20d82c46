// Watches the services registered in etcd on behalf of a gateway.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "discovery/etcd_settings.h"
#include "discovery/known_instances.h"

namespace userinfo::discovery {

class etcd_calls;

// Runs its own thread, which keeps retrying. While etcd is down, the last known instances stay in use.
class watcher {
public:
    // Calls `changed` on that thread with all instances: once when they are first known, then after each change.
    watcher(const etcd_settings& settings, std::function<void(std::vector<service_instance>)> changed);

    // Stops the thread. `changed` is not called afterwards.
    ~watcher();

    // Waits until `changed` has been called once. False if etcd takes longer than `patience`.
    bool wait_until_known(std::chrono::milliseconds patience) const;

    watcher(const watcher&) = delete;
    watcher& operator=(const watcher&) = delete;

private:
    void run();
    std::optional<std::int64_t> list();
    void watch_from(std::int64_t revision);
    void put(const std::string& key, const std::string& value);
    void tell();

    const std::string prefix_;
    const std::function<void(std::vector<service_instance>)> changed_;
    const std::unique_ptr<etcd_calls> calls_;
    known_instances known_;
    bool answered_ = true;  // the state that was logged last
    std::optional<std::vector<service_instance>> told_;
    std::promise<void> first_list_;
    const std::future<void> is_known_ = first_list_.get_future();
    std::thread thread_;
};

}  // namespace userinfo::discovery
