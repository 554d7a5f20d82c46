#include "audit/audit_tail.h"

#include <algorithm>

namespace userinfo {

namespace {

constexpr std::size_t page = 1000;

// How far below the highest id an event may become visible late. The linker looks as far.
constexpr std::int64_t late_ids = 10'000;

}  // namespace

task<result<void>> audit_tail::begin() {
    const auto newest = co_await store_.newest_id();
    if (!newest) co_return std::unexpected(newest.error());
    settled_ = std::max<std::int64_t>(0, *newest - late_ids);
    after_ = settled_;
    co_return result<void>();
}

task<result<audit_news>> audit_tail::next() {
    const auto began = now_();
    const auto newest = co_await store_.newest_id();
    if (!newest) co_return std::unexpected(newest.error());
    visible_.note(*newest, now_());
    auto events = co_await store_.list_by_id(filter_, after_, page);
    if (!events) co_return std::unexpected(events.error());
    audit_news news{.events = {}, .more = events->size() == page};
    // What this look has passed and is settled need not be looked at again.
    const auto settled = visible_.up_to(began);
    settled_ = std::max(settled_, news.more ? std::min(settled, events->back().id) : settled);
    after_ = news.more ? events->back().id : settled_;
    for (auto& event : *events) {
        if (given_.insert(event.id).second) news.events.push_back(std::move(event));
    }
    given_.erase(given_.begin(), given_.upper_bound(settled_));
    co_return news;
}

}  // namespace userinfo
