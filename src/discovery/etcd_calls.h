// Calls to etcd's members, one after the other on one thread, which another may end.
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

    // The member that is asked at present.
    const std::shared_ptr<grpc::Channel>& member() const { return members_[current_]; }

    // From now on another one is asked, after a pause that grows with each call of this until `note_success`.
    void turn_to_next();
    void note_success() { failures_ = 0; }

    // From any thread: the call that is under way ends, and none is begun any more.
    void stop();
    bool is_stopped();

    // Waits, but not beyond `stop`.
    void pause(std::chrono::milliseconds time);

    // A call's context for as long as it is under way. The call fails at once after `stop`.
    class context : public grpc::ClientContext {
    public:
        explicit context(etcd_calls& owner);
        // Without an answer until then the call fails; at once without a connection, unless all members have failed.
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
