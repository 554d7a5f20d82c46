#include "attempts/attempts.h"

#include <cstring>

#include "base/log.h"
#include "base/source.h"

namespace userinfo {

namespace {

constexpr std::string_view identifier_use = "throttle of identifiers";
constexpr std::string_view device_use = "throttle of devices";
constexpr std::chrono::seconds moment{1};

counter& refused_counter(metrics& metrics, std::string_view by) {
    return metrics.counter("userinfo_attempts_refused_total", "Attempts refused by a limit, before any work.",
                           {{"by", by}});
}

}  // namespace

std::size_t attempts::digest_hash::operator()(const throttle_key& key) const noexcept {
    std::size_t h = 0;
    std::memcpy(&h, key.mac.data(), sizeof h);
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

struct attempts::entrance {
    attempt begun;
    std::chrono::microseconds wait;  // zero if the attempt may be made
};

task<result<attempts::attempt>> attempts::begin(std::string_view identifier_key, std::optional<uuid> known_device) {
    if (known_device) {
        auto by_device = co_await enter(key_of(*known_device), known_device_rule);
        if (!by_device) co_return std::unexpected(by_device.error());
        if (by_device->wait.count() == 0) co_return std::move(by_device->begun);
    }
    auto by_identifier = co_await enter(key_of(identifier_key), rule_);
    if (!by_identifier) co_return std::unexpected(by_identifier.error());
    if (by_identifier->wait.count() > 0) co_return refuse(refused_by_identifier_, by_identifier->wait);
    co_return std::move(by_identifier->begun);
}

task<result<attempts::entrance>> attempts::enter(throttle_key key, const throttle_rule& rule) {
    const auto running = count_in(key);
    entrance entered{.begun = attempt(*this, rule, key), .wait = {}};  // leaves again on every path
    auto found = co_await store_.find(key);
    // Stored, so that the wait counts down. Otherwise each attempt would be told to wait anew.
    if (found && rule.shortened(clock_.now(), *found)) found = co_await store_.shorten(key, rule, clock_.now());
    if (!found) co_return std::unexpected(found.error());

    const auto now = clock_.now();
    const auto state = rule.counted_at(now, *found);
    entered.wait = rule.wait_at(now, state);
    if (entered.wait.count() == 0 && running > rule.most_at_once(state)) entered.wait = moment;
    entered.begun.failed_before_ = found->failures > 0;
    co_return entered;
}

task<result<bool>> attempts::unlock(std::string_view identifier_key, const audit_event& audit) {
    co_return co_await store_.unlock(key_of(identifier_key), audit);
}

throttle_key attempts::key_of(std::string_view identifier_key) const {
    return {.kind = throttle_kind::identifier, .mac = key_.mac(identifier_use, identifier_key)};
}

throttle_key attempts::key_of(const uuid& device) const {
    return {.kind = throttle_kind::device, .mac = key_.mac(device_use, device.view())};
}

std::size_t attempts::count_in(const throttle_key& key) {
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
    const auto counted = co_await owner_->store_.add_failure(key_, *rule_, failed);
    if (!counted) co_return std::unexpected(counted.error());
    co_return result<void>();
}

task<void> attempts::attempt::succeed() {
    if (!failed_before_) co_return;
    const auto cleared = co_await owner_->store_.clear(key_);
    if (!cleared) log_warning("cannot forget failed attempts", {{"error", cleared.error().message}});
}

}  // namespace userinfo
