#include "audit/audit_verification.h"

namespace userinfo {

namespace {

constexpr std::size_t page_size = 1000;
// A running server links events within a second. A slow database may need longer.
constexpr std::chrono::minutes linked_within{1};

// Returns what is wrong with `noted` if `link` is at or after its place. An anchor stands for all places before it.
std::optional<std::string> compare(std::uint64_t previous_place, const audit_link& link, const audit_head& noted) {
    if (noted.place <= previous_place || noted.place > link.place) return std::nullopt;
    const auto name = "place " + std::to_string(noted.place);
    if (noted.place < link.place) return name + ": it was purged, so that the head cannot be compared";
    if (noted.mac != link.mac) return name + ": it is not the head that was noted down";
    return std::nullopt;
}

void count(audit_report& report, const linked_event& right) {
    report.head = {.place = right.link.place, .mac = right.link.mac};
    if (!right.event) return;
    if (report.events++ == 0) report.first = right.event->at;
    report.last = right.event->at;
}

// Stops at the first invalid place.
task<result<void>> verify_chain(audit_report& report, audit_store& store, const audit_chain& chain,
                                const std::optional<audit_head>& noted) {
    audit_chain_walk walk(chain);
    for (;;) {
        const auto page = co_await store.chain(walk.place(), page_size);
        if (!page) co_return std::unexpected(page.error());
        for (const auto& each : page->links) {
            const auto previous_place = walk.place();
            report.wrong = walk.step(each, page->first_place);
            if (!report.wrong && noted) report.wrong = compare(previous_place, each.link, *noted);
            if (report.wrong) co_return result<void>();
            count(report, each);
        }
        if (page->links.size() < page_size) co_return result<void>();
    }
}

task<result<void>> verify_unlinked(audit_report& report, audit_store& store, timestamp now) {
    const auto unlinked = co_await store.count_unlinked();
    if (!unlinked) co_return std::unexpected(unlinked.error());
    report.unlinked = unlinked->count;
    if (unlinked->count > 0 && unlinked->oldest_at < now - linked_within) {
        report.wrong = std::to_string(unlinked->count) + " events have no place, among them event " +
                       std::to_string(unlinked->oldest_id) +
                       ", which is older than a minute; a server that starts links the last events";
    }
    co_return result<void>();
}

}  // namespace

task<result<audit_report>> verify_audit_trail(audit_store& store, const audit_chain& chain, timestamp now,
                                              const std::optional<audit_head>& noted) {
    audit_report report;
    auto verified = co_await verify_chain(report, store, chain, noted);
    if (verified && !report.wrong && noted && (!report.head || report.head->place < noted->place)) {
        report.wrong = "place " + std::to_string(noted->place) + ": it is missing; the chain was cut";
    }
    if (verified && !report.wrong) verified = co_await verify_unlinked(report, store, now);
    if (!verified) co_return std::unexpected(verified.error());
    co_return report;
}

}  // namespace userinfo
