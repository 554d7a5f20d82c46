#include "rpc/instances.h"

#include <algorithm>
#include <random>
#include <utility>

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include "base/log.h"

namespace userinfo::rpc {

namespace {

// Milliseconds. A peer that does not answer a ping in time is gone, whatever its socket says.
constexpr int ping_interval = 5'000;
constexpr int ping_patience = 1'000;
constexpr int first_reconnect = 100;
constexpr int connect_patience = 2'000;
constexpr int longest_reconnect = 1'000;

grpc::ChannelArguments channel_arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, ping_interval);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, ping_patience);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);  // tokens go to the service alone, whatever the environment says
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, first_reconnect);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, connect_patience);  // it is that, whatever its name
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, longest_reconnect);
    // A subchannel of its own: two instances never share what one of them knows of its connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return arguments;
}

std::size_t random_below(std::size_t count) {
    thread_local std::minstd_rand generator(std::random_device{}());
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(generator);
}

// Whether `a` has less to do than `b`, each for its weight.
bool is_less_busy(const instance& a, const instance& b) {
    return a.load() * b.address().weight < b.load() * a.address().weight;
}

}  // namespace

instance::instance(instance_address address, const std::shared_ptr<grpc::ChannelCredentials>& credentials)
    : address_(std::move(address)),
      channel_(grpc::CreateCustomChannel(address_.target, credentials, channel_arguments())),
      stub_(v1::Userinfo::NewStub(channel_)) {}

void instance::set_aside() {
    if (!aside_.exchange(true))
        log_warning("a service does not answer", {{"instance", std::string_view(address_.target)}});
}

bool instance::is_usable() {
    if (!aside_) return true;
    if (channel_->GetState(true) != GRPC_CHANNEL_READY) return false;
    if (aside_.exchange(false)) log_info("a service answers again", {{"instance", std::string_view(address_.target)}});
    return true;
}

instances::instances(std::shared_ptr<grpc::ChannelCredentials> credentials) : credentials_(std::move(credentials)) {}

void instances::update(std::vector<instance_address> addresses) {
    const std::scoped_lock lock(mutex_);
    auto next = std::make_shared<list>();
    for (auto& address : addresses) {
        const auto known = std::ranges::find(*list_, address, [](const auto& one) { return one->address(); });
        next->push_back(known != list_->end() ? *known : std::make_shared<instance>(std::move(address), credentials_));
    }
    list_ = std::move(next);
}

std::shared_ptr<const instances::list> instances::current() const {
    const std::scoped_lock lock(mutex_);
    return list_;
}

std::shared_ptr<instance> instances::choose(const instance* other_than) const {
    const auto all = current();
    if (all->empty()) return nullptr;
    list usable;
    std::ranges::copy_if(*all, std::back_inserter(usable),
                         [other_than](const auto& one) { return one.get() != other_than && one->is_usable(); });
    if (usable.empty()) return (*all)[random_below(all->size())];
    if (usable.size() == 1) return usable.front();
    const auto first = random_below(usable.size());
    auto second = random_below(usable.size() - 1);
    if (second >= first) ++second;
    return is_less_busy(*usable[second], *usable[first]) ? usable[second] : usable[first];
}

}  // namespace userinfo::rpc
