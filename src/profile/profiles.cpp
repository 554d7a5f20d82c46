#include "profile/profiles.h"

#include <memory>

#include <boost/asio/post.hpp>

#include "base/timer.h"

namespace userinfo {

namespace {

// For this long, a version that the database did not have is not requested again. Otherwise a client that claims to
// have seen it would cost two reads per request.
constexpr std::chrono::seconds shortfall_memory{1};
constexpr std::size_t most_shortfalls = 10'000;

constexpr std::chrono::seconds retry_interval{1};

date date_of(timestamp time) { return std::chrono::floor<std::chrono::days>(time); }

}  // namespace

profiles::profiles(profile_store& store, profile_cache& cache, const clock& clock)
    : store_(store), cache_(cache), clock_(clock), unsure_(clock) {}

task<result<profile_ptr>> profiles::get(uuid account, std::uint64_t at_least, profile_ptr cached) {
    // A replica may be as stale as the cache.
    const bool may_be_old = unsure_.may_be_old(account, cached ? cached->version : 0);
    const bool believed = cached && !may_be_old;
    if (believed && (cached->version >= at_least || was_short_just_now(account, at_least))) co_return cached;
    auto found = may_be_old
                     ? co_await filling_latest_.run(account, [=, this] { return fill(account, freshness::latest); })
                     : co_await filling_.run(account, [=, this] { return fill(account, freshness::recent); });
    if (!found || (*found)->version >= at_least) co_return found;
    // The joined read may have started before the write that this caller has seen, or the replica may lack it.
    found = co_await fill(account, freshness::latest);
    if (found && (*found)->version < at_least) note_shortfall(account, at_least);
    co_return found;
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

task<result<profile_ptr>> profiles::fill(uuid account, freshness wanted) {
    auto found = co_await store_.find(account, wanted);
    if (!found) co_return std::unexpected(found.error());
    auto entry = std::make_shared<const versioned_profile>(std::move(*found));
    // A failed put is harmless: what the cache holds instead was as old before.
    (void)co_await put(account, entry);
    co_return entry;
}

task<result<profile_ptr>> profiles::keep_written(result<versioned_profile> written, uuid account) {
    if (!written) co_return std::unexpected(written.error());
    const profile_ptr entry = std::make_shared<const versioned_profile>(std::move(*written));
    if (!co_await put(account, entry)) unsure_.add(account, entry);
    co_return entry;
}

task<bool> profiles::put(uuid account, const profile_ptr& entry) {
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

task<void> profiles::retry_once() {
    const auto executor = co_await asio::this_coro::executor;
    for (const auto& [account, written] : unsure_.pending()) {
        (void)co_await put(account, written);
        // There may be thousands, and a cache that is down fails without suspending. Let other work run in between.
        co_await asio::post(executor, use_task);
    }
}

task<result<profile_ptr>> profiles::create(uuid account, const profile_input& input) {
    const auto now = clock_.now();
    const auto changes = check_profile(input, profile_write::create, date_of(now));
    if (!changes) co_return std::unexpected(changes.error());
    co_return co_await keep_written(co_await store_.create(account, *changes, now), account);
}

task<result<profile_ptr>> profiles::update(uuid account, const profile_input& input,
                                           std::vector<std::uint64_t> if_versions) {
    const auto now = clock_.now();
    const auto changes = check_profile(input, profile_write::update, date_of(now));
    if (!changes) co_return std::unexpected(changes.error());
    co_return co_await keep_written(co_await store_.update(account, *changes, std::move(if_versions), now), account);
}

task<result<profile_ptr>> profiles::remove(uuid account, std::vector<std::uint64_t> if_versions) {
    co_return co_await keep_written(co_await store_.remove(account, std::move(if_versions), clock_.now()), account);
}

}  // namespace userinfo
