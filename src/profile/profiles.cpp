#include "profile/profiles.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/timer.h"

namespace userinfo {

namespace {

// For this long, a version that the database did not have is not requested again. Otherwise a client that claims to
// have seen it would cost two reads per request.
constexpr std::chrono::seconds shortfall_memory{1};
constexpr std::size_t most_shortfalls = 10'000;

// A replica answers for one profile once in this time. One that is read more often is worth an entry in the cache.
constexpr std::chrono::seconds between_replica_answers{60};
constexpr std::size_t most_replica_answers = 10'000;

// What the database said longer ago does not enter the cache. Meanwhile the cache may have received a later version and
// lost it again, and the older one would be shown to readers of the later one. A program may be stopped at any moment.
constexpr std::chrono::seconds longest_way_to_cache{2};

constexpr std::chrono::seconds retry_interval{1};
// Of one round. Writes that fail cost time and a read of the primary each, and most of what fails now fails again.
constexpr std::size_t most_retries = 500;
constexpr std::size_t most_vain_retries = 10;

// Null if no replica answers.
task<profile_ptr> ask_replica(profile_store& store, uuid account) {
    auto found = co_await store.find_on_replica(account);
    if (!found || !*found) co_return nullptr;
    co_return std::make_shared<const versioned_profile>(std::move(**found));
}

date date_of(timestamp time) { return std::chrono::floor<std::chrono::days>(time); }

}  // namespace

profiles::profiles(profile_store& store, profile_cache& cache, const clock& clock, metrics& metrics)
    : store_(store),
      cache_(cache),
      clock_(clock),
      without_primary_(metrics.counter("userinfo_profile_reads_without_primary_total",
                                       "Profiles read from a replica, without a version that the reader has seen, "
                                       "because there was no primary. They may be older than an earlier answer.")),
      unsure_(clock) {}

task<result<profile_ptr>> profiles::get(uuid account, std::uint64_t at_least, profile_ptr cached) {
    const bool believed = cached && !unsure_.may_be_old(account, cached->version);
    if (believed && (cached->version >= at_least || was_short_just_now(account, at_least))) co_return cached;
    // A replica spares the primary a read, but only what is in the version can tell whether the replica lags.
    if (at_least > 0 && may_ask_replica(account)) {
        if (auto found = co_await find_on_replica(account, at_least)) {
            note_replica_answer(account);
            co_return found;
        }
    }
    auto found = co_await find_on_primary(account, at_least);
    if (found || found.error().code != errc::unavailable) co_return found;
    auto older = co_await find_on_replica(account, at_least);
    if (!older) co_return found;
    if (at_least == 0) without_primary_.add();
    co_return older;
}

// Null if no replica has this version, or if this program knows of a later one. The answer does not enter the cache:
// somebody else may have seen a later version.
task<profile_ptr> profiles::find_on_replica(uuid account, std::uint64_t at_least) {
    auto found = co_await asking_replica_.run(account, [this, account] { return ask_replica(store_, account); });
    if (!found || found->version < at_least || unsure_.may_be_old(account, found->version)) co_return nullptr;
    co_return found;
}

task<result<profile_ptr>> profiles::find_on_primary(uuid account, std::uint64_t at_least) {
    bool joined = true;
    auto found = co_await filling_.run(account, [&] {
        joined = false;
        return fill(account);
    });
    // The joined read may have started before the write that this caller has seen.
    if (joined && found && (*found)->version < at_least) found = co_await fill(account);
    if (found && (*found)->version < at_least) note_shortfall(account, at_least);
    co_return found;
}

bool profiles::may_ask_replica(const uuid& account) {
    const std::scoped_lock lock(mutex_);
    const auto last = replica_answers_.find(account);
    if (last == replica_answers_.end()) return true;
    const auto age = clock_.now() - last->second;
    return age < std::chrono::seconds(0) || age >= between_replica_answers;
}

void profiles::note_replica_answer(const uuid& account) {
    const std::scoped_lock lock(mutex_);
    if (replica_answers_.size() >= most_replica_answers) replica_answers_.clear();
    replica_answers_.insert_or_assign(account, clock_.now());
}

bool profiles::is_forced(const uuid& account, std::uint64_t at_least, const profile_ptr& cached) {
    return cached && cached->version < at_least && !unsure_.may_be_old(account, cached->version) &&
           !was_short_just_now(account, at_least);
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
    // Only callers that claim too high a version are stored here, and forgetting one costs no more than a read.
    if (shortfalls_.size() >= most_shortfalls) shortfalls_.clear();
    shortfalls_.insert_or_assign(account, shortfall{.wanted = wanted, .seen_at = clock_.now()});
}

// From the primary.
task<result<profile_ptr>> profiles::fill(uuid account) {
    const auto began = clock_.now();
    auto found = co_await store_.find(account);
    if (!found) co_return std::unexpected(found.error());
    auto entry = std::make_shared<const versioned_profile>(std::move(*found));
    // A failed put is harmless: what the cache holds instead was as old before.
    (void)co_await put(account, entry, began);
    co_return entry;
}

task<result<profile_ptr>> profiles::keep_written(result<versioned_profile> written, uuid account, timestamp began) {
    if (!written) co_return std::unexpected(written.error());
    const profile_ptr entry = std::make_shared<const versioned_profile>(std::move(*written));
    if (!co_await put(account, entry, began)) unsure_.add(account, entry->version);
    co_return entry;
}

// `began`: when the database was asked. Returns whether every reader is guaranteed to see this version or a later one.
task<bool> profiles::put(uuid account, const profile_ptr& entry, timestamp began) {
    const auto age = clock_.now() - began;
    if (age < std::chrono::seconds(0) || age >= longest_way_to_cache) co_return false;
    const bool sure = co_await cache_.put(account, entry);
    if (sure) unsure_.settle(account, entry->version);
    co_return sure;
}

task<void> profiles::retry_unsure_writes() {
    for (;;) {
        co_await sleep_until(std::chrono::steady_clock::now() + retry_interval);
        co_await retry_once();
    }
}

// Asks the database again, because another program may have written a later version since. A round goes on after the
// account that the last one ended with. Otherwise accounts of a part of the cache that stays down would use up each
// round, and those behind them would have no turn.
task<void> profiles::retry_once() {
    auto accounts = unsure_.pending();
    std::ranges::sort(accounts);
    std::ranges::rotate(accounts, std::ranges::upper_bound(accounts, last_retried_));
    std::size_t retries = 0;
    std::size_t in_vain = 0;
    for (const auto& account : accounts) {
        if (++retries > most_retries || in_vain == most_vain_retries) co_return;
        last_retried_ = account;
        if (!co_await give_to_cache(account)) ++in_vain;
    }
}

// Returns whether the cache has what the database has.
task<bool> profiles::give_to_cache(uuid account) {
    const auto began = clock_.now();
    auto found = co_await store_.find(account);
    if (!found) co_return false;
    co_return co_await put(account, std::make_shared<const versioned_profile>(std::move(*found)), began);
}

task<result<profile_ptr>> profiles::create(uuid account, const profile_input& input) {
    const auto now = clock_.now();
    const auto changes = check_profile(input, profile_write::create, date_of(now));
    if (!changes) co_return std::unexpected(changes.error());
    co_return co_await keep_written(co_await store_.create(account, *changes, now), account, now);
}

task<result<profile_ptr>> profiles::update(uuid account, const profile_input& input, write_condition condition) {
    const auto now = clock_.now();
    const auto changes = check_profile(input, profile_write::update, date_of(now));
    if (!changes) co_return std::unexpected(changes.error());
    co_return co_await keep_written(co_await store_.update(account, *changes, std::move(condition), now), account, now);
}

task<result<profile_ptr>> profiles::remove(uuid account, write_condition condition) {
    const auto now = clock_.now();
    co_return co_await keep_written(co_await store_.remove(account, std::move(condition), now), account, now);
}

}  // namespace userinfo
