#include "rpc/health.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "grpc/health/v1/health.pb.h"
#include "rpc/message_bytes.h"
#include "rpc/method_path.h"

namespace userinfo::rpc {

namespace {

using v1_health = ::grpc::health::v1::HealthCheckResponse;

std::string message_of(v1_health::ServingStatus status) {
    v1_health message;
    message.set_status(status);
    return message.SerializeAsString();
}

// Whether the one that is asked for is the server as a whole, or ours; nothing if that cannot be understood.
std::optional<bool> asks_for_us(const std::optional<secret_string>& message) {
    ::grpc::health::v1::HealthCheckRequest request;
    if (!message || !parse(request, *message)) return std::nullopt;
    return request.service().empty() || request.service() == service_name;
}

h2::status not_understood() { return {.code = h2::status_code::invalid_argument, .message = "not a request"}; }

}  // namespace

// A call of Watch, as long as it waits to be told. It is told on its own thread.
class health::watcher : public std::enable_shared_from_this<watcher> {
public:
    watcher(h2::server_call& call, io_executor home, bool asks_for_us)
        : call_(&call), home_(home), asks_for_us_(asks_for_us) {}

    void tell(state now) {
        if (!asks_for_us_ && now != state::ended) return;
        asio::post(home_, [self = shared_from_this(), now] { self->say(now); });
    }

    void say(state now) {
        if (call_ == nullptr) return;
        const auto ours = now == state::serving ? v1_health::SERVING : v1_health::NOT_SERVING;
        call_->write(message_of(asks_for_us_ ? ours : v1_health::SERVICE_UNKNOWN));
        if (now == state::ended) call_->finish({.code = h2::status_code::unavailable, .message = "the server stops"});
    }

    // The call ends.
    void forget() { call_ = nullptr; }

private:
    h2::server_call* call_;
    const io_executor home_;
    const bool asks_for_us_;
};

void health::set_serving(bool serving) { turn(serving ? state::serving : state::not_serving); }

void health::end() { turn(state::ended); }

void health::turn(state next) {
    const std::scoped_lock lock(mutex_);
    if (state_ == state::ended || std::exchange(state_, next) == next) return;
    for (const auto& each : watchers_) each->tell(next);
}

void health::forget(const watcher& gone) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(watchers_, [&gone](const auto& each) { return each.get() == &gone; });
}

task<void> health::check(h2::server_call& call) {
    const auto ours = asks_for_us(co_await call.read_single());
    if (!ours) {
        call.finish(not_understood());
        co_return;
    }
    if (!*ours) {
        call.finish({.code = h2::status_code::not_found, .message = "unknown service"});
        co_return;
    }
    const std::scoped_lock lock(mutex_);
    call.write(message_of(state_ == state::serving ? v1_health::SERVING : v1_health::NOT_SERVING));
    call.finish({});
}

task<void> health::watch(h2::server_call& call) {
    const auto ours = asks_for_us(co_await call.read_single());
    if (!ours) {
        call.finish(not_understood());
        co_return;
    }
    const auto told = std::make_shared<watcher>(call, co_await asio::this_coro::executor, *ours);
    {
        const std::scoped_lock lock(mutex_);
        told->say(state_);
        watchers_.push_back(told);
    }
    call.end_at(std::chrono::steady_clock::now() + watch_time_);
    co_await call.end();
    forget(*told);
    told->forget();
}

}  // namespace userinfo::rpc
