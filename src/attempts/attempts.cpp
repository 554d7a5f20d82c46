#include "attempts/attempts.h"

#include <cstring>

#include "base/log.h"
#include "base/source.h"

namespace userinfo {

namespace {

constexpr std::string_view key_use = "throttle of identifiers";
constexpr std::chrono::seconds moment{1};

counter& refused_counter(metrics& metrics, std::string_view by) {
    return metrics.counter("userinfo_attempts_refused_total", "Attempts refused by a limit, before any work.",
                           {{"by", by}});
}

}  // namespace

std::size_t attempts::digest_hash::operator()(const throttle_key& key) const noexcept {
    std::size_t h = 0;
    std::memcpy(&h, key.data(), sizeof h);
    return h;
}

attempts::attempts(throttle_rule rule, source_limits& sources, throttle_store& store, const internal_key& key,
                   const clock& clock, metrics& metrics)
    : rule_(rule),
      sources_(sources),
      store_(store),
      key_(key),
      clock_(clock),
      refused_by_source_(refused_counter(metrics, "source")),
      refused_by_identifier_(refused_counter(metrics, "identifier")) {}

task<result<void>> attempts::admit(const call& call, source_action action) {
    const auto wait = co_await sources_.take(action, source_of(call.address));
    if (wait) co_return refuse(refused_by_source_, *wait);
    co_return result<void>();
}

task<result<attempts::attempt>> attempts::begin(std::string_view identifier_key) {
    const auto key = key_of(identifier_key);
    const auto running = enter(key);
    attempt begun(*this, key);  // leaves again on every path
    auto state = co_await store_.find(key);
    // Stored, so that the wait counts down. Otherwise each attempt would be told to wait anew.
    if (state && rule_.shortened(clock_.now(), *state)) state = co_await store_.shorten(key, rule_, clock_.now());
    if (!state) co_return std::unexpected(state.error());

    const auto wait = rule_.wait_at(clock_.now(), *state);
    if (wait.count() > 0) co_return refuse(refused_by_identifier_, wait);
    if (running > rule_.most_at_once(*state)) co_return refuse(refused_by_identifier_, moment);
    begun.failed_before_ = state->failures > 0;
    co_return begun;
}

task<result<bool>> attempts::unlock(std::string_view identifier_key, const audit_event& audit) {
    co_return co_await store_.unlock(key_of(identifier_key), audit);
}

throttle_key attempts::key_of(std::string_view identifier_key) const { return key_.mac(key_use, identifier_key); }

std::size_t attempts::enter(const throttle_key& key) {
    const std::scoped_lock lock(mutex_);
    return ++running_[key];
}

void attempts::leave(const throttle_key& key) {
    const std::scoped_lock lock(mutex_);
    const auto running = running_.find(key);
    if (--running->second == 0) running_.erase(running);
}

std::unexpected<error> attempts::refuse(counter& refused, std::chrono::microseconds wait) {
    refused.add();
    return too_many_attempts(wait);
}

task<result<void>> attempts::attempt::fail(const audit_event& failed) {
    const auto counted = co_await owner_->store_.add_failure(key_, owner_->rule_, failed);
    if (!counted) co_return std::unexpected(counted.error());
    co_return result<void>();
}

task<void> attempts::attempt::succeed() {
    if (!failed_before_) co_return;
    const auto cleared = co_await owner_->store_.clear(key_);
    if (!cleared) log_warning("cannot forget failed attempts", {{"error", cleared.error().message}});
}

}  // namespace userinfo
