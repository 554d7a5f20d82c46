#include "http/connection_set.h"

#include <algorithm>

namespace userinfo::http {
namespace {

constexpr std::size_t largest_idle_scratch = 64 * 1024;

// Once a second, or more often if a limit is so short that a second would matter.
std::chrono::milliseconds interval_for(const limits& limits) {
    using namespace std::chrono_literals;
    const auto shortest = std::min({limits.header_time, limits.body_time, limits.idle_time, limits.write_time});
    return std::clamp(shortest / 4, 5ms, 1000ms);
}

}  // namespace

connection_set::connection_set(asio::io_context& context, http::handler& handler, const http::limits& limits)
    : context_(context),
      handler_(handler),
      limits_(limits),
      sweep_interval_(interval_for(limits)),
      sweep_timer_(context) {}

void connection_set::drain() {
    draining_ = true;
    for (auto& member : members_)
        if (member.is_waiting()) member.interrupt();
}

void connection_set::cut() {
    for (auto& member : members_) member.cut();
}

std::string& connection_set::scratch() {
    scratch_.clear();
    return scratch_;
}

void connection_set::join(member& connection) {
    members_.push_back(connection);
    if (!sweeping_) wait_to_sweep();
}

void connection_set::wait_to_sweep() {
    sweeping_ = true;
    sweep_timer_.expires_after(sweep_interval_);
    sweep_timer_.async_wait([self = shared_from_this()](boost::system::error_code) { self->sweep(); });
}

void connection_set::sweep() {
    const auto now = std::chrono::steady_clock::now();
    for (auto& member : members_)
        if (member.deadline_ <= now) {
            member.late_ = true;
            member.interrupt();
        }
    if (scratch_.capacity() > largest_idle_scratch) scratch_ = {};
    sweeping_ = false;
    if (!members_.empty()) wait_to_sweep();
}

connection_set::member::member(connection_set& set) : set_(set) { set_.join(*this); }

connection_set::member::~member() {
    if (phase_ == phase::lingering) --set_.lingering_;
}

void connection_set::member::enter(phase phase) {
    if (phase == phase::lingering) ++set_.lingering_;
    phase_ = phase;
    deadline_ = std::chrono::steady_clock::time_point::max();
    late_ = false;
}

void connection_set::member::enter(phase phase, std::chrono::milliseconds time) {
    enter(phase, std::chrono::steady_clock::now() + time);
}

void connection_set::member::enter(phase phase, std::chrono::steady_clock::time_point deadline) {
    enter(phase);
    deadline_ = deadline;
}

}  // namespace userinfo::http
