#include "profile/profiles.h"

#include <memory>

namespace userinfo {

namespace {

// For so long a version that the database did not have is not asked for again: who claims to have seen it would
// otherwise cost two reads with each request.
constexpr std::chrono::seconds shortfall_memory{1};
constexpr std::size_t most_shortfalls = 10'000;

date date_of(timestamp time) { return std::chrono::floor<std::chrono::days>(time); }

}  // namespace

profiles::profiles(profile_store& store, profile_cache& cache, const clock& clock)
    : store_(store), cache_(cache), clock_(clock) {}

task<result<cached_profile>> profiles::get(uuid account, std::uint64_t at_least) {
    auto cached = co_await cache_.get(account);
    if (cached && (cached->version >= at_least || was_short_just_now(account, at_least))) co_return cached;
    auto found = co_await filling_.run(account, [this, account] { return fill(account); });
    if (!found || (*found)->version >= at_least) co_return found;
    // The read that was joined may have begun before the write that this caller has seen.
    found = co_await fill(account);
    if (found && (*found)->version < at_least) note_shortfall(account, at_least);
    co_return found;
}

bool profiles::was_short_just_now(const uuid& account, std::uint64_t wanted) {
    const std::scoped_lock lock(mutex_);
    const auto known = shortfalls_.find(account);
    if (known == shortfalls_.end() || wanted < known->second.wanted) return false;
    const auto age = clock_.now() - known->second.seen_at;
    return age >= std::chrono::seconds(0) && age < shortfall_memory;
}

void profiles::note_shortfall(const uuid& account, std::uint64_t wanted) {
    const std::scoped_lock lock(mutex_);
    // Only who claims too much is remembered here, and forgetting costs no more than a read.
    if (shortfalls_.size() >= most_shortfalls) shortfalls_.clear();
    shortfalls_.insert_or_assign(account, shortfall{.wanted = wanted, .seen_at = clock_.now()});
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
