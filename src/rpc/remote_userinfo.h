// userinfo in another process: each call becomes one RPC to one of the service's instances.
//
// A call that may be repeated is tried once more, on another instance, if the connection fails, and so is any other
// that the instance has certainly not begun; else it may have been done, and is errc::unavailable. A call for which a
// password is hashed is cancelled when its client leaves.
#pragma once

#include <memory>
#include <vector>

#include "base/metrics.h"
#include "base/task.h"
#include "net/tls_certificate.h"
#include "rpc/instance_address.h"
#include "service/userinfo_service.h"

namespace userinfo::rpc {

// Thread-safe; called on any of the contexts.
class remote_userinfo {
public:
    // Calls come from `contexts`, each of which has connections of its own. `certificate`: null for no TLS. All must
    // outlive it. Knows no instance yet.
    remote_userinfo(const net::tls_certificate* certificate, const std::vector<asio::io_context*>& contexts,
                    metrics& metrics);

    // No call may be under way.
    ~remote_userinfo();

    // From now on these are the instances. Those that stay keep their connections; calls on those that go are finished.
    void update(std::vector<instance_address> instances);

    // Lives as long as this does.
    userinfo_service& service();

private:
    class client;
    const std::unique_ptr<client> client_;
};

}  // namespace userinfo::rpc
