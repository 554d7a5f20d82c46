#include "audit/audit_retention.h"

#include <algorithm>

namespace userinfo {

namespace {

// Events per transaction. One transaction blocks other writers for some milliseconds.
constexpr std::size_t batch = 200;
// Events may become visible out of time order, but never this late.
constexpr std::chrono::hours overlap{1};

}  // namespace

task<result<void>> audit_retention::apply() {
    const auto now = clock_.now();
    auto dropped = co_await drop_addresses(now);
    if (!dropped) co_return dropped;
    co_return co_await purge(now - settings_.keep);
}

task<result<void>> audit_retention::drop_addresses(timestamp now) {
    const auto before = now - settings_.keep_addresses;
    const auto from = std::max(timestamp(), addresses_dropped_ - overlap);
    auto dropped = co_await store_.drop_addresses(from, before);
    if (dropped) addresses_dropped_ = before;
    co_return dropped;
}

task<result<void>> audit_retention::purge(timestamp before) {
    for (;;) {
        const auto more = co_await purge_some(before);
        if (!more) co_return std::unexpected(more.error());
        if (!*more) co_return co_await store_.purge_unlinked(before);
    }
}

// Returns whether there may be more.
task<result<bool>> audit_retention::purge_some(timestamp before) {
    const auto page = co_await store_.chain(0, batch);
    if (!page) co_return std::unexpected(page.error());
    audit_chain_walk walk(chain_);
    const audit_link* last = nullptr;
    for (const auto& each : page->links) {
        if (each.event && each.event->at >= before) break;
        if (const auto wrong = walk.step(each, page->first_place)) {
            alarm_.raise(*wrong);
            co_return false;
        }
        last = &each.link;
    }
    if (last == nullptr || !last->event_id) co_return false;
    const auto purged = co_await store_.purge(*last, chain_.anchor_for(*last));
    if (!purged) co_return std::unexpected(purged.error());
    co_return true;
}

}  // namespace userinfo
