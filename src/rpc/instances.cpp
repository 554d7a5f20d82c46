#include "rpc/instances.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace userinfo::rpc {

namespace {

// Says once that an instance does not answer, whichever of its connections notices it first, and once that it does
// again.
class availability {
public:
    explicit availability(std::string target) : target_(std::move(target)) {}

    void turn(bool up) {
        if (!up && lost_++ == 0) log_warning("a service does not answer", {{"instance", std::string_view(target_)}});
        if (up && --lost_ == 0) log_info("a service answers again", {{"instance", std::string_view(target_)}});
    }

private:
    const std::string target_;
    std::atomic<std::size_t> lost_ = 0;
};

std::size_t random_below(std::size_t count) {
    thread_local std::minstd_rand generator(std::random_device{}());
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(generator);
}

// Whether `a` has less to do than `b`, each for its weight.
bool is_less_busy(const instance& a, const instance& b) {
    return a.load() * b.address().weight < b.load() * a.address().weight;
}

}  // namespace

instance::instance(instance_address address, const net::tls_certificate* certificate,
                   const std::vector<asio::io_context*>& contexts)
    : address_(std::move(address)) {
    const auto seen = std::make_shared<availability>(address_.target);
    for (auto* const context : contexts) {
        channels_.push_back(std::make_shared<h2::channel>(context->get_executor(),
                                                          h2::server_place{address_.target, certificate},
                                                          [seen](bool up) { seen->turn(up); }));
    }
}

instance::~instance() {
    for (const auto& channel : channels_) channel->stop();
}

instances::instances(const net::tls_certificate* certificate, std::vector<asio::io_context*> contexts)
    : certificate_(certificate), contexts_(std::move(contexts)) {}

void instances::update(std::vector<instance_address> addresses) {
    const std::scoped_lock lock(mutex_);
    auto next = std::make_shared<list>();
    for (auto& address : addresses) {
        const auto known = std::ranges::find(*list_, address, [](const auto& one) { return one->address(); });
        next->push_back(
            known != list_->end() ? *known : std::make_shared<instance>(std::move(address), certificate_, contexts_));
    }
    list_ = std::move(next);
}

std::shared_ptr<const instances::list> instances::current() const {
    const std::scoped_lock lock(mutex_);
    return list_;
}

std::shared_ptr<instance> instances::choose(std::size_t context, const instance* other_than) const {
    const auto all = current();
    if (all->empty()) return nullptr;
    list usable;
    std::ranges::copy_if(*all, std::back_inserter(usable),
                         [=](const auto& one) { return one.get() != other_than && one->is_usable(context); });
    if (usable.empty()) return (*all)[random_below(all->size())];
    if (usable.size() == 1) return usable.front();
    const auto first = random_below(usable.size());
    auto second = random_below(usable.size() - 1);
    if (second >= first) ++second;
    return is_less_busy(*usable[second], *usable[first]) ? usable[second] : usable[first];
}

}  // namespace userinfo::rpc
