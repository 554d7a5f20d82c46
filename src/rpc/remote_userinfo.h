// The client of the service: each call becomes one RPC to one of the service's instances.
//
// If the connection fails, a call that may be repeated is retried once, on another instance. So is any other call that
// the instance has certainly not begun. Otherwise the call may have been carried out, and fails with errc::unavailable.
// A call that hashes a password is cancelled when its client disconnects.
#pragma once

#include <memory>
#include <vector>

#include "base/metrics.h"
#include "base/task.h"
#include "net/tls_certificate.h"
#include "rpc/instance_address.h"
#include "service/userinfo_service.h"

namespace userinfo::rpc {

// Thread-safe. Calls must come from one of the contexts.
class remote_userinfo {
public:
    // Each of the `contexts` has connections of its own. `certificate` null: no TLS. All must outlive it. Knows no
    // instance at first.
    remote_userinfo(const net::tls_certificate* certificate, const std::vector<asio::io_context*>& contexts,
                    metrics& metrics);

    // There must be no call in flight.
    ~remote_userinfo();

    // Replaces the instances. Those that stay keep their connections; calls to removed ones are finished.
    void update(std::vector<instance_address> instances);

    // Lives as long as this object.
    userinfo_service& service();

private:
    class client;
    const std::unique_ptr<client> client_;
};

}  // namespace userinfo::rpc
