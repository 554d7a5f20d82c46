// The service's side of gRPC: takes RPCs and calls userinfo. Health (grpc.health.v1) is told by gRPC's own service.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "service/userinfo_client.h"

namespace grpc {
class ServerCredentials;
}

namespace userinfo::rpc {

struct server_settings {
    std::string address;      // host:port (port 0: any), or unix:/path
    bool reflection = false;  // gRPC server reflection: the contract, for whoever asks
};

class server {
public:
    // Serves at once, with one completion queue and one thread for each of `contexts`, where the calls run; health says
    // NOT_SERVING until `set_serving`. `userinfo` and `contexts` must outlive it. Throws std::runtime_error if it
    // cannot listen.
    server(const server_settings& settings, const std::shared_ptr<grpc::ServerCredentials>& credentials,
           userinfo_client& userinfo, const std::vector<asio::io_context*>& contexts);

    // Drains without waiting, unless that was done.
    ~server();

    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // With the real port.
    const std::string& address() const;

    void set_serving(bool serving);

    // Takes no more calls, waits at most `patience` for those under way, then cuts them off and waits for their end.
    // Idempotent. The contexts must still run.
    void drain(std::chrono::milliseconds patience);

private:
    class state;
    std::unique_ptr<state> state_;
};

}  // namespace userinfo::rpc
