// Makes calls to the members of an etcd cluster, one at a time on one thread. Another thread can stop them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include "discovery/etcd_settings.h"

namespace userinfo::discovery {

class etcd_calls {
public:
    explicit etcd_calls(const etcd_settings& settings);

    // The member that is currently in use.
    const std::shared_ptr<grpc::Channel>& member() const { return members_[current_]; }

    // Switches to the next member. Once all members have failed it pauses first, longer with each round, until
    // `note_success`.
    void turn_to_next();
    void note_success() { failures_ = 0; }

    // Thread-safe. Cancels the running call and prevents further ones.
    void stop();
    bool is_stopped();

    // Waits for `time` or until `stop`.
    void pause(std::chrono::milliseconds time);

    // The context of one running call. After `stop`, the call fails immediately.
    class context : public grpc::ClientContext {
    public:
        explicit context(etcd_calls& owner);
        // The call fails after `time_limit`. Without a connection it fails immediately, unless all members have failed.
        context(etcd_calls& owner, std::chrono::milliseconds time_limit);
        ~context();

    private:
        etcd_calls& owner_;
    };

private:
    std::vector<std::shared_ptr<grpc::Channel>> members_;
    std::size_t current_ = 0;
    std::size_t failures_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
    grpc::ClientContext* under_way_ = nullptr;
};

}  // namespace userinfo::discovery
