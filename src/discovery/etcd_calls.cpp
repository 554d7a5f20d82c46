#include "discovery/etcd_calls.h"

#include <algorithm>

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

namespace userinfo::discovery {

namespace {

using namespace std::chrono_literals;

// In milliseconds. A watch is silent while nothing changes, so pings check that the member is alive. etcd accepts them
// at most every 5 s.
constexpr int ping_interval = 6'000;
constexpr int ping_patience = 2'000;
constexpr int longest_reconnect = 1'000;

constexpr auto first_pause = 50ms;
constexpr std::size_t doublings = 5;

grpc::ChannelArguments channel_arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, ping_interval);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, ping_patience);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // unlimited
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, longest_reconnect);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return arguments;
}

}  // namespace

etcd_calls::etcd_calls(const etcd_settings& settings) {
    for (const auto& endpoint : settings.endpoints) {
        members_.push_back(grpc::CreateCustomChannel(endpoint, settings.credentials, channel_arguments()));
    }
}

void etcd_calls::turn_to_next() {
    current_ = (current_ + 1) % members_.size();
    // Try the other members immediately. Only when none of them answers, back off.
    const auto rounds = failures_++ / members_.size();
    if (rounds > 0) pause(first_pause * (1u << std::min(rounds - 1, doublings)));
}

void etcd_calls::stop() {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    if (under_way_ != nullptr) under_way_->TryCancel();
    wake_.notify_all();
}

bool etcd_calls::is_stopped() {
    const std::scoped_lock lock(mutex_);
    return stopped_;
}

void etcd_calls::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, time, [this] { return stopped_; });
}

etcd_calls::context::context(etcd_calls& owner) : owner_(owner) {
    // A member without a leader fails instead of returning stale data.
    AddMetadata("hasleader", "true");
    const std::scoped_lock lock(owner_.mutex_);
    owner_.under_way_ = this;
    if (owner_.stopped_) TryCancel();
}

etcd_calls::context::context(etcd_calls& owner, std::chrono::milliseconds time_limit) : context(owner) {
    set_deadline(std::chrono::system_clock::now() + time_limit);
    // A call that fails immediately leaves gRPC no time to connect, so a member that is back would go unnoticed.
    set_wait_for_ready(owner_.failures_ >= owner_.members_.size());
}

etcd_calls::context::~context() {
    const std::scoped_lock lock(owner_.mutex_);
    owner_.under_way_ = nullptr;
}

}  // namespace userinfo::discovery
