// Rate limits for password checks and registrations, enforced before any hashing (OWASP ASVS 5.0 section 6.3.1).
//
// Each source has a token bucket. Each identifier, known or not, has some free failures, then a delay that doubles. A
// known device (device/device.h) has failures of its own: strangers' failures do not slow it down, and its success does
// not clear theirs. A running attempt counts as a possible failure, so parallel attempts gain nothing.
#pragma once

#include <mutex>
#include <optional>
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
#include "base/uuid.h"
#include "tokens/internal_key.h"

namespace userinfo {

// Thread-safe.
class attempts {
public:
    class attempt;

    // The references must outlive this object, and this object must outlive its attempts.
    attempts(throttle_rule rule, source_limits& sources, throttle_store& store, const internal_key& key,
             const clock& clock, metrics& metrics);

    attempts(const attempts&) = delete;
    attempts& operator=(const attempts&) = delete;

    // Checks the rate limit of the source of `call`. errc::too_many_attempts.
    task<result<void>> admit(const call& call, source_action action);

    // Starts an attempt at the password of the identifier with this key. It ends with `fail` or `succeed`. Destroying
    // it without either counts as neither. `known_device`: a device of that identifier's account, if the client proved
    // one; it counts instead of the identifier, as long as it has failures left. errc::too_many_attempts, and the
    // store's errors.
    task<result<attempt>> begin(std::string_view identifier_key, std::optional<uuid> known_device = {});

    // For operators: lifts the delay of an identifier. Returns whether there were failures.
    task<result<bool>> unlock(std::string_view identifier_key, const audit_event& audit);

private:
    struct entrance;

    throttle_key key_of(std::string_view identifier_key) const;
    throttle_key key_of(const uuid& device) const;
    task<result<entrance>> enter(throttle_key key, const throttle_rule& rule);
    std::size_t count_in(const throttle_key& key);
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
        : owner_(std::exchange(other.owner_, nullptr)),
          rule_(other.rule_),
          key_(other.key_),
          failed_before_(other.failed_before_) {}
    attempt& operator=(attempt&&) = delete;
    ~attempt() {
        if (owner_ != nullptr) owner_->leave(key_);
    }

    // Whether it is one of the known device, and not of the identifier.
    bool is_of_known_device() const { return key_.kind == throttle_kind::device; }

    // Counts the attempt as failed and records `failed` with it.
    task<result<void>> fail(const audit_event& failed);

    // Clears earlier failures. An error is only logged, because the user gave the right password.
    task<void> succeed();

private:
    friend attempts;

    attempt(attempts& owner, const throttle_rule& rule, const throttle_key& key)
        : owner_(&owner), rule_(&rule), key_(key) {}

    attempts* owner_;
    const throttle_rule* rule_;
    throttle_key key_;
    bool failed_before_ = false;
};

}  // namespace userinfo
