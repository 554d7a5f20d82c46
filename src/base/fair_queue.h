// A bounded queue that is fair to its sources. Sources take turns regardless of how many items each has queued, and
// none can use more than its share of the queue. A source that floods the queue only delays itself.
#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace userinfo {

// Not thread-safe.
template <class Item>
class fair_queue {
public:
    // Holds at most `limit` items, and at most `limit_per_source` of one source.
    fair_queue(std::size_t limit, std::size_t limit_per_source) : limit_(limit), limit_per_source_(limit_per_source) {}

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    // Takes the item. Returns false and leaves the item unchanged if the queue or the source's share of it is full.
    bool push(std::string_view source, Item& item) {
        if (size_ >= limit_ || waiting_of(source) >= limit_per_source_) return false;
        queue_of(source).items.push_back(std::move(item));
        ++size_;
        return true;
    }

    // Returns the oldest item of the source whose turn it is. The queue must not be empty.
    Item pop() {
        auto& queue = turns_.front();
        Item item = std::move(queue.items.front());
        queue.items.pop_front();
        --size_;
        if (queue.items.empty()) {
            queues_.erase(queue.source);
            turns_.pop_front();
        } else {
            turns_.splice(turns_.end(), turns_, turns_.begin());
        }
        return item;
    }

private:
    struct source_queue {
        std::string source;
        std::deque<Item> items = {};
    };

    std::size_t waiting_of(std::string_view source) const {
        const auto known = queues_.find(source);
        return known == queues_.end() ? 0 : known->second->items.size();
    }

    source_queue& queue_of(std::string_view source) {
        if (const auto known = queues_.find(source); known != queues_.end()) return *known->second;
        const auto made = turns_.insert(turns_.end(), {.source = std::string(source)});
        queues_.emplace(made->source, made);
        return *made;
    }

    const std::size_t limit_;
    const std::size_t limit_per_source_;
    std::size_t size_ = 0;
    std::list<source_queue> turns_;  // in the order of their turns; no queue is empty
    std::unordered_map<std::string_view, typename std::list<source_queue>::iterator>
        queues_;  // keys point into `turns_`
};

}  // namespace userinfo
