// The instances of the service that a gateway knows. Each thread of the gateway has a connection to each instance.
// Calls are balanced by the power of two choices on calls in flight (Mitzenmacher 2001). A failed instance gets no
// calls until it can be reached again.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/task.h"
#include "h2/channel.h"
#include "net/tls_certificate.h"
#include "rpc/instance_address.h"

namespace userinfo::rpc {

// `context` is the number of one of the gateway's io_contexts.
class instance {
public:
    // `certificate`, which may be null, and `contexts` must outlive it.
    instance(instance_address address, const net::tls_certificate* certificate,
             const std::vector<asio::io_context*>& contexts);
    // Finishes the calls in flight.
    ~instance();

    instance(const instance&) = delete;
    instance& operator=(const instance&) = delete;

    const instance_address& address() const { return address_; }

    // Call these two on the thread of `context`.
    bool is_usable(std::size_t context) const { return channels_[context]->is_usable(); }
    task<h2::reply> ask(std::size_t context, h2::request request) {
        return channels_[context]->ask(std::move(request));
    }

    std::size_t load() const { return in_flight_; }

    // Counts a call, and keeps the instance alive, as long as it lives.
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
    std::vector<std::shared_ptr<h2::channel>> channels_;  // by context
    std::atomic<std::size_t> in_flight_ = 0;
};

// Thread-safe.
class instances {
public:
    // As for `instance`.
    instances(const net::tls_certificate* certificate, std::vector<asio::io_context*> contexts);

    // Replaces the list. Instances that stay keep their connections; calls to removed instances are finished.
    void update(std::vector<instance_address> addresses);

    // Picks the instance for the next call on the thread of `context`, where this must be called. Avoids `other_than`
    // if there is another instance. Null: there is no instance.
    std::shared_ptr<instance> choose(std::size_t context, const instance* other_than = nullptr) const;

private:
    using list = std::vector<std::shared_ptr<instance>>;

    std::shared_ptr<const list> current() const;

    const net::tls_certificate* const certificate_;
    const std::vector<asio::io_context*> contexts_;
    mutable std::mutex mutex_;
    std::shared_ptr<const list> list_ = std::make_shared<const list>();
};

}  // namespace userinfo::rpc
