// Profiles: read through the cache, written to the database first, and never shown older than their owner has seen
// them.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "base/single_flight.h"
#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile_cache.h"
#include "profile/profile_rules.h"
#include "profile/profile_store.h"

namespace userinfo {

// Every function may also return errc::unavailable and errc::internal. Thread-safe.
class profiles {
public:
    profiles(profile_store& store, profile_cache& cache, const clock& clock);

    // The profile at version `at_least` or later; at its latest, if it has not come that far. Its value is nothing if
    // there is none.
    task<result<cached_profile>> get(uuid account, std::uint64_t at_least);

    // errc::invalid_argument, errc::already_exists.
    task<result<cached_profile>> create(uuid account, const profile_input& input);

    // errc::invalid_argument, errc::not_found, errc::version_mismatch.
    task<result<cached_profile>> update(uuid account, const profile_input& input,
                                        std::optional<std::uint64_t> if_version);

    // errc::not_found, errc::version_mismatch.
    task<result<cached_profile>> remove(uuid account, std::optional<std::uint64_t> if_version);

private:
    task<result<cached_profile>> fill(uuid account);
    task<result<cached_profile>> keep(result<versioned_profile> written, uuid account);

    profile_store& store_;
    profile_cache& cache_;
    const clock& clock_;
    single_flight<uuid, result<cached_profile>> filling_;
};

}  // namespace userinfo
