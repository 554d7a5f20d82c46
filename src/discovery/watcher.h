// The services that are announced in etcd, as a gateway follows them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "discovery/etcd_settings.h"
#include "discovery/known_instances.h"

namespace userinfo::discovery {

class etcd_calls;

// Has a thread of its own, which does not give up: while etcd does not answer, what was known last goes on being so.
class watcher {
public:
    // Calls `changed` on that thread with all instances whenever they change, and once as soon as they are known.
    watcher(const etcd_settings& settings, std::function<void(std::vector<service_instance>)> changed);

    // Ends at once; `changed` is not called any more.
    ~watcher();

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
    bool answered_ = true;  // what the log says
    std::optional<std::vector<service_instance>> told_;
    std::thread thread_;
};

}  // namespace userinfo::discovery
