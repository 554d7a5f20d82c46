#include "audit/audit_linker.h"

#include "base/hex.h"
#include "base/log.h"
#include "base/timer.h"

namespace userinfo {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::seconds interval{1};
// Events per transaction. One transaction blocks other writers for some milliseconds.
constexpr std::size_t batch = 500;
constexpr std::chrono::hours between_heads{1};

}  // namespace

task<void> audit_linker::run() {
    for (;;) {
        const auto linked = co_await link_if_changed();
        if (!linked) log_warning("cannot link audit events", {{"error", linked.error().message}});
        tell_head();
        co_await sleep_until(steady::now() + interval);
    }
}

task<result<void>> audit_linker::link_if_changed() {
    const auto counter = co_await store_.change_counter();
    if (!counter) co_return std::unexpected(counter.error());
    if (change_counter_ == *counter) co_return result<void>();
    auto linked = co_await link_pending();
    if (linked) change_counter_ = *counter;
    co_return linked;
}

task<result<void>> audit_linker::link_pending() {
    for (;;) {
        const auto more = co_await link_some();
        if (!more) co_return std::unexpected(more.error());
        if (!*more) co_return result<void>();
    }
}

// Returns whether there may be more.
task<result<bool>> audit_linker::link_some() {
    if (lost_) co_return false;
    const auto known = head_;
    const auto ends = co_await store_.chain_ends(known ? known->place : 0);
    if (!ends) co_return std::unexpected(ends.error());
    if (!is_continued(known, *ends)) {
        lost_ = true;
        alarm_.raise("place " + std::to_string(known->place) + ", which this program has seen, is gone or another");
        co_return false;
    }
    head_ = ends->head;
    const auto events = co_await store_.next_unlinked(batch);
    if (!events) co_return std::unexpected(events.error());
    if (events->empty()) co_return false;
    const auto links = chain_.extend(ends->head, *events);
    const auto appended = co_await store_.append(ends->head, links, *events);
    if (!appended) co_return std::unexpected(appended.error());
    // On failure another program was faster. Its write triggers the next round.
    if (*appended) head_ = links.back();
    co_return *appended&& links.size() == batch;
}

// Another program may have purged the known head. Then the chain starts with an anchor at or after it.
bool audit_linker::is_continued(const std::optional<audit_link>& known, const audit_chain_ends& ends) const {
    if (!known) return true;
    if (ends.known) return ends.known->mac == known->mac;
    return ends.first && ends.first->place > known->place && chain_.is_anchor(*ends.first);
}

// The log thereby records heads outside the database, for `userinfo audit verify --head`.
void audit_linker::tell_head() {
    if (!head_ || lost_ || steady::now() < tell_head_at_) return;
    tell_head_at_ = steady::now() + between_heads;
    log_info("head of the audit chain",
             {{"place", static_cast<std::int64_t>(head_->place)}, {"mac", to_hex(head_->mac)}});
}

}  // namespace userinfo
