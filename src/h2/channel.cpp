#include "h2/channel.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/suspend.h"

namespace userinfo::h2 {

namespace {

using namespace std::chrono_literals;

constexpr auto first_pause = 100ms;
constexpr std::chrono::milliseconds longest_pause = 1s;

}  // namespace

channel::channel(io_executor executor, server_place place, std::function<void(bool)> is_up)
    : executor_(executor), place_(std::move(place)), is_up_(std::move(is_up)), timer_(executor), pause_(first_pause) {}

task<reply> channel::ask(request request) {
    if (!connection_ && !waits_ && !stopped_) connect();
    if (!connection_) {
        co_return reply{.came = reply::progress::unsent,
                        .status = {.code = status_code::unavailable, .message = "the server cannot be reached"}};
    }
    // The channel may be gone after the wait. Do not touch its members.
    const auto connection = connection_;
    co_return co_await suspend<reply>(
        [&](continuation<reply> resume) { connection->begin(std::move(request), std::move(resume)); });
}

void channel::connect() {
    connected_ = false;
    connection_ = client_connection::open(executor_, place_,
                                          {.ready =
                                               [weak = weak_from_this()] {
                                                   if (const auto self = weak.lock())
                                                       self->set_usable(self->connected_ = true);
                                               },
                                           .gone =
                                               [weak = weak_from_this()] {
                                                   if (const auto self = weak.lock()) self->lose();
                                               }});
}

// Reconnects immediately if the connection had been established: the server may have closed only this one.
void channel::lose() {
    connection_.reset();
    if (stopped_) return;
    set_usable(false);
    if (std::exchange(connected_, false)) {
        pause_ = first_pause;
        return connect();
    }
    waits_ = true;
    timer_.expires_after(pause_);
    pause_ = std::min(2 * pause_, longest_pause);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code&) {
        const auto self = weak.lock();
        if (!self) return;
        self->waits_ = false;
        self->connect();
    });
}

void channel::set_usable(bool usable) {
    if (std::exchange(usable_, usable) != usable) is_up_(usable);
}

void channel::stop() {
    asio::post(executor_, [self = shared_from_this()] {
        self->stopped_ = true;
        self->timer_.cancel();
        if (const auto last = std::exchange(self->connection_, nullptr)) last->retire();
    });
}

}  // namespace userinfo::h2
