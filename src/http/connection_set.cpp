#include "http/connection_set.h"

#include <algorithm>

namespace userinfo::http {
namespace {

constexpr std::size_t largest_idle_scratch = 64 * 1024;

}  // namespace

connection_set::connection_set(asio::io_context& context, http::handler& handler, const http::limits& limits)
    : context_(context), handler_(handler), limits_(limits), idle_time_(limits.idle_time), sweep_timer_(context) {}

void connection_set::drain(std::chrono::milliseconds idle_time) {
    draining_ = true;
    idle_time_ = std::min(idle_time_, idle_time);
    const auto end = std::chrono::steady_clock::now() + idle_time_;
    for (auto& member : members_) {
        member.stop_waiting_at(end);
        if (member.is_waiting()) member.deadline_ = std::min(member.deadline_, end);
    }
    sweep_timer_.cancel();  // the interval is shorter from now on
}

void connection_set::cut() {
    cut_ = true;
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

// Once a second, or more often if a limit is so short that a second would matter.
std::chrono::milliseconds connection_set::sweep_interval() const {
    using namespace std::chrono_literals;
    const auto shortest = std::min({limits_.header_time, limits_.body_time, idle_time_, limits_.write_time});
    return std::clamp(shortest / 4, 5ms, 1000ms);
}

void connection_set::wait_to_sweep() {
    sweeping_ = true;
    sweep_timer_.expires_after(sweep_interval());
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
