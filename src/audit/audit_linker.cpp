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
// How often a look goes further back than to the settled ids. Nothing should be found there: the database ends longer
// transactions.
constexpr std::chrono::minutes between_far_looks{10};

}  // namespace

task<void> audit_linker::run() {
    for (;;) {
        const auto linked = co_await link_news();
        if (!linked) log_warning("cannot link audit events", {{"error", linked.error().message}});
        tell_head();
        co_await sleep_until(steady::now() + interval);
    }
}

task<result<void>> audit_linker::link_news() {
    if (steady::now() < look_far_at_) {
        const auto has_news = co_await store_.has_news(head_ ? head_->place : 0, linked_up_to_);
        if (!has_news) co_return std::unexpected(has_news.error());
        if (!*has_news) co_return result<void>();
    }
    co_return co_await link_pending();
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
    const auto began = steady::now();
    const auto events = co_await store_.next_unlinked(began < look_far_at_ ? linked_up_to_ : 0, batch);
    if (!events) co_return std::unexpected(events.error());
    if (!events->empty()) {
        const auto links = chain_.extend(ends->head, *events);
        const auto appended = co_await store_.append(ends->head, links, *events);
        if (!appended) co_return std::unexpected(appended.error());
        // Another program was faster. The next round sees what it has left.
        if (!*appended) co_return false;
        head_ = links.back();
        if (links.size() == batch) co_return true;
    }
    note_all_linked(began);
    co_return false;
}

// All events that were visible when the look began have their places.
void audit_linker::note_all_linked(steady::time_point began) {
    linked_up_to_ = visible_.up_to(began);
    if (head_ && head_->event_id) visible_.note(*head_->event_id, steady::now());
    if (began >= look_far_at_) look_far_at_ = began + between_far_looks;
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
