// The service's instances as a gateway sees them: one channel each, the load shared by the power of two choices on
// calls in flight (Mitzenmacher 2001), an instance that fails set aside until its channel is connected again.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include "rpc/instance_address.h"
#include "userinfo/v1/userinfo.grpc.pb.h"

namespace userinfo::rpc {

class instance {
public:
    instance(instance_address address, const std::shared_ptr<grpc::ChannelCredentials>& credentials);

    const instance_address& address() const { return address_; }
    v1::Userinfo::Stub& stub() const { return *stub_; }

    // Its connection failed: it gets no calls until it is connected again, unless no other is.
    void set_aside();

    // Looks at the channel of one that was set aside, and makes it connect.
    bool is_usable();

    std::size_t load() const { return in_flight_; }

    // Counts a call while it lives, and keeps the instance until then.
    class call_in_flight {
    public:
        explicit call_in_flight(std::shared_ptr<instance> to) : to_(std::move(to)) { ++to_->in_flight_; }
        ~call_in_flight() { --to_->in_flight_; }
        call_in_flight(const call_in_flight&) = delete;
        call_in_flight& operator=(const call_in_flight&) = delete;

    private:
        const std::shared_ptr<instance> to_;
    };

private:
    const instance_address address_;
    const std::shared_ptr<grpc::Channel> channel_;
    const std::unique_ptr<v1::Userinfo::Stub> stub_;
    std::atomic<std::size_t> in_flight_ = 0;
    std::atomic<bool> aside_ = false;
};

// Thread-safe.
class instances {
public:
    explicit instances(std::shared_ptr<grpc::ChannelCredentials> credentials);

    // Replaces the list. Those that stay keep their channels; calls on those that go are finished.
    void update(std::vector<instance_address> addresses);

    // Which one takes the next call; not `other_than`, if there is another. Null: there are none.
    std::shared_ptr<instance> choose(const instance* other_than = nullptr) const;

private:
    using list = std::vector<std::shared_ptr<instance>>;

    std::shared_ptr<const list> current() const;

    const std::shared_ptr<grpc::ChannelCredentials> credentials_;
    mutable std::mutex mutex_;
    std::shared_ptr<const list> list_ = std::make_shared<const list>();
};

}  // namespace userinfo::rpc
