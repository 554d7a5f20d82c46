// Limits on attempts at passwords and registrations, checked before anything is hashed (OWASP ASVS 5.0 section 6.3.1).
//
// By source: token buckets. By identifier, known or not: some free failures, then a delay that doubles. While an
// attempt runs it counts as a failure that may come, so that attempts sent at once gain nothing.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "attempts/source_limits.h"
#include "attempts/throttle_store.h"
#include "audit/audit_event.h"
#include "base/call.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"
#include "tokens/internal_key.h"

namespace userinfo {

// Thread-safe.
class attempts {
public:
    class attempt;

    // All must outlive it, and its attempts.
    attempts(throttle_rule rule, source_limits& sources, throttle_store& store, const internal_key& key,
             const clock& clock, metrics& metrics);

    attempts(const attempts&) = delete;
    attempts& operator=(const attempts&) = delete;

    // Whether the source of `call` may do this now. errc::too_many_attempts.
    task<result<void>> admit(const call& call, source_action action);

    // Begins an attempt at the password behind an identifier's key. It ends with `fail` or `succeed`, or by being
    // destroyed, which counts as neither. errc::too_many_attempts; errors of the store.
    task<result<attempt>> begin(std::string_view identifier_key);

    // For operators: the next attempt need not wait. Returns whether there were failures.
    task<result<bool>> unlock(std::string_view identifier_key, const audit_event& audit);

private:
    throttle_key key_of(std::string_view identifier_key) const;
    std::size_t enter(const throttle_key& key);
    void leave(const throttle_key& key);
    std::unexpected<error> refuse(counter& refused, std::chrono::microseconds wait);

    const throttle_rule rule_;
    source_limits& sources_;
    throttle_store& store_;
    const internal_key& key_;
    const clock& clock_;
    counter& refused_by_source_;
    counter& refused_by_identifier_;

    struct digest_hash {
        std::size_t operator()(const throttle_key& key) const noexcept;
    };
    std::mutex mutex_;
    std::unordered_map<throttle_key, std::size_t, digest_hash> running_;
};

class attempts::attempt {
public:
    attempt(attempt&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), key_(other.key_), failed_before_(other.failed_before_) {}
    attempt& operator=(attempt&&) = delete;
    ~attempt() {
        if (owner_ != nullptr) owner_->leave(key_);
    }

    // Counts it as failed and records `failed` with it.
    task<result<void>> fail(const audit_event& failed);

    // Forgets earlier failures. If that fails it is logged: whoever gave the right password is not to suffer.
    task<void> succeed();

private:
    friend attempts;

    attempt(attempts& owner, const throttle_key& key) : owner_(&owner), key_(key) {}

    attempts* owner_;
    throttle_key key_;
    bool failed_before_ = false;
};

}  // namespace userinfo
