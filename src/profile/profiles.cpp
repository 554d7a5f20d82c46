#include "profile/profiles.h"

#include <memory>

namespace userinfo {

namespace {

date date_of(timestamp time) { return std::chrono::floor<std::chrono::days>(time); }

}  // namespace

profiles::profiles(profile_store& store, profile_cache& cache, const clock& clock)
    : store_(store), cache_(cache), clock_(clock) {}

task<result<cached_profile>> profiles::get(uuid account, std::uint64_t at_least) {
    auto cached = co_await cache_.get(account);
    if (cached && cached->version >= at_least) co_return cached;
    auto found = co_await filling_.run(account, [this, account] { return fill(account); });
    // The read that was joined may have begun before the write that this caller has seen.
    if (found && (*found)->version < at_least) co_return co_await fill(account);
    co_return found;
}

task<result<cached_profile>> profiles::fill(uuid account) {
    co_return co_await keep(co_await store_.find(account), account);
}

task<result<cached_profile>> profiles::keep(result<versioned_profile> known, uuid account) {
    if (!known) co_return std::unexpected(known.error());
    auto entry = std::make_shared<const versioned_profile>(std::move(*known));
    co_await cache_.put(account, entry);
    co_return entry;
}

task<result<cached_profile>> profiles::create(uuid account, const profile_input& input) {
    const auto now = clock_.now();
    const auto changes = check_profile(input, profile_write::create, date_of(now));
    if (!changes) co_return std::unexpected(changes.error());
    co_return co_await keep(co_await store_.create(account, *changes, now), account);
}

task<result<cached_profile>> profiles::update(uuid account, const profile_input& input,
                                              std::optional<std::uint64_t> if_version) {
    const auto now = clock_.now();
    const auto changes = check_profile(input, profile_write::update, date_of(now));
    if (!changes) co_return std::unexpected(changes.error());
    co_return co_await keep(co_await store_.update(account, *changes, if_version, now), account);
}

task<result<cached_profile>> profiles::remove(uuid account, std::optional<std::uint64_t> if_version) {
    co_return co_await keep(co_await store_.remove(account, if_version, clock_.now()), account);
}

}  // namespace userinfo
