// A fair queue that keeps some of its places for clients that are known, so that strangers cannot keep them out,
// however many they are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/fair_queue.h"

namespace userinfo {

// Not thread-safe.
template <class Item>
class reserving_queue {
public:
    // Has `places` places, of which `reserved` are for clients that are known. One source, and one group at each level,
    // holds at most 1 / `shares` of the reserve, and of the rest; where these are few, one place of each.
    reserving_queue(std::size_t places, std::size_t reserved, std::size_t shares)
        : reserve_(reserved, std::max<std::size_t>(1, reserved / shares)),
          rest_(places - reserved, std::max<std::size_t>(1, (places - reserved) / shares)) {}

    std::size_t size() const { return reserve_.size() + rest_.size(); }
    bool empty() const { return reserve_.empty() && rest_.empty(); }

    // Adds the item. `known_as` is who the client is known to act for; empty: it is not known. One name holds one
    // reserved place at a time. Where there is none for it, and where it is displaced from its reserved place, the item
    // takes a place among the rest. Returns the item that is left without a place, as fair_queue::push.
    std::optional<Item> push(const source_path& whose, const std::string& known_as, Item item) {
        if (known_as.empty() || !holders_.insert(known_as).second) return rest_.push(whose, std::move(item));
        auto left = reserve_.push(whose, {.item = std::move(item), .holder = known_as, .whose = whose});
        if (!left) return std::nullopt;
        holders_.erase(left->holder);
        return rest_.push(left->whose, std::move(left->item));
    }

    // Returns the next item, in turns one of the reserve and one of the rest. The queue must not be empty.
    Item pop() {
        const bool is_reserved = rest_.empty() || (reserve_is_next_ && !reserve_.empty());
        reserve_is_next_ = !is_reserved;
        if (!is_reserved) return rest_.pop();
        auto next = reserve_.pop();
        holders_.erase(next.holder);
        return std::move(next.item);
    }

private:
    struct reservation {
        Item item;
        std::string holder;
        source_path whose;
    };

    fair_queue<reservation> reserve_;
    fair_queue<Item> rest_;
    std::unordered_set<std::string> holders_;  // of a reserved place
    bool reserve_is_next_ = true;
};

}  // namespace userinfo
