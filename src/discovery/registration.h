// A service's announcement in etcd, for as long as it lives: under a lease that ends soon after the program does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "discovery/etcd_settings.h"
#include "discovery/service_instance.h"

namespace userinfo::discovery {

class etcd_calls;

// Has a thread of its own, which does not give up: while etcd does not answer, the program goes on unannounced.
class registration {
public:
    registration(const etcd_settings& settings, const service_instance& instance);

    // Withdraws, unless that was done.
    ~registration();

    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;

    // Returns when gateways are told that the instance has gone, or after a second or two if etcd does not answer.
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
    // Of the thread, and after its end of `withdraw`.
    std::optional<std::int64_t> lease_;  // that the key may be under
    bool announced_ = false;
    std::thread thread_;
};

}  // namespace userinfo::discovery
