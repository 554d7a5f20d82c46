// The use cases of profiles. Reads go through the cache, writes go to the database first. Nobody sees an older version
// than one they have seen before, as long as the database has a primary.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/single_flight.h"
#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile_cache.h"
#include "profile/profile_rules.h"
#include "profile/profile_store.h"
#include "profile/unsure_writes.h"

namespace userinfo {

// All functions may also return errc::unavailable and errc::internal. Thread-safe.
class profiles {
public:
    profiles(profile_store& store, profile_cache& cache, const clock& clock, metrics& metrics);

    // Returns the profile at version `at_least` or later. If the database has no such version, returns the latest one,
    // which may be up to one second old if the same version was just requested in vain. If `at_least` is 0 and there is
    // no primary, the answer may be older than an earlier one. The value is empty if there is no profile. `cached` is
    // what account_cache::get returned for the account; null: not in the cache.
    task<result<profile_ptr>> get(uuid account, std::uint64_t at_least, profile_ptr cached);

    // Whether `get` would ask the database only because the caller claims to have seen this version.
    bool is_forced(const uuid& account, std::uint64_t at_least, const profile_ptr& cached);

    // errc::invalid_argument, errc::already_exists.
    task<result<profile_ptr>> create(uuid account, const profile_input& input);

    // errc::invalid_argument, errc::not_found. errc::version_mismatch: its version does not meet the condition.
    task<result<profile_ptr>> update(uuid account, const profile_input& input, write_condition condition);

    // errc::not_found, errc::version_mismatch.
    task<result<profile_ptr>> remove(uuid account, write_condition condition);

    // Runs forever. Every second, repeats the cache writes that the cache did not confirm. Run it beside the requests
    // if the cache can fail.
    task<void> retry_unsure_writes();

    // One round of it. Rounds must not overlap.
    task<void> retry_once();

private:
    // A version that a caller asked for and the database did not have.
    struct shortfall {
        std::uint64_t wanted;
        timestamp seen_at;
    };

    bool was_short_just_now(const uuid& account, std::uint64_t wanted);
    void note_shortfall(const uuid& account, std::uint64_t wanted);
    bool may_ask_replica(const uuid& account);
    void note_replica_answer(const uuid& account);

    task<profile_ptr> find_on_replica(uuid account, std::uint64_t at_least);
    task<result<profile_ptr>> find_on_primary(uuid account, std::uint64_t at_least);
    task<result<profile_ptr>> fill(uuid account);
    task<result<profile_ptr>> keep_written(result<versioned_profile> written, uuid account, timestamp began);
    task<bool> give_to_cache(uuid account);
    task<bool> put(uuid account, const profile_ptr& entry, timestamp began);

    profile_store& store_;
    profile_cache& cache_;
    const clock& clock_;
    counter& without_primary_;
    single_flight<uuid, result<profile_ptr>> filling_;
    single_flight<uuid, profile_ptr> asking_replica_;
    std::mutex mutex_;
    std::unordered_map<uuid, shortfall> shortfalls_;
    std::unordered_map<uuid, timestamp> replica_answers_;
    unsure_writes unsure_;
    uuid last_retried_;  // by retry_once alone
};

}  // namespace userinfo
