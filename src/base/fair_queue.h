// A bounded queue that is fair to its sources. Sources form groups, groups form larger groups, and at each level they
// take turns, regardless of how many items each has queued. None can use more than its share of the queue, so a source
// that floods the queue delays itself and its neighbours, and nobody else.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace userinfo {

// From the widest group that a source belongs to, to the source itself.
using source_path = std::array<std::string, 3>;

// Not thread-safe. `push` takes time in proportion to the number of groups that have items.
template <class Item>
class fair_queue {
public:
    // Holds at most `places` items, and at most `share` of one source, and of one group at each level.
    fair_queue(std::size_t places, std::size_t share) : places_(places), share_(share) {}

    std::size_t size() const { return all_.size; }
    bool empty() const { return all_.size == 0; }

    // Adds the item. Returns the item that is left without a place because the queue, or a share of it, was full: the
    // newest one of the heaviest group, if the new item's group has fewer with it than that one; otherwise the new
    // item itself.
    std::optional<Item> push(const source_path& whose, Item item) {
        std::optional<Item> displaced;
        if (const auto full = narrowest_full(whose)) {
            displaced = make_room(all_, whose, *full);
            if (!displaced) return item;
        }
        add(all_, whose, std::move(item));
        return displaced;
    }

    // Returns the oldest item of the source whose turn it is. The queue must not be empty.
    Item pop() { return take_next(all_); }

private:
    struct group {
        std::string name = {};
        std::size_t size = 0;         // the number of items in it, at all levels below
        std::list<group> turns = {};  // its members, in the order of their turns; none is empty
        std::list<Item> items = {};   // of a source, which has no members
    };
    using member = typename std::list<group>::iterator;
    using rest_of_path = std::span<const std::string>;

    static member find(group& in, const std::string& name) { return std::ranges::find(in.turns, name, &group::name); }

    // Of several the one whose turn comes last.
    static member heaviest_of(group& in) {
        auto heaviest = in.turns.begin();
        for (auto each = in.turns.begin(); each != in.turns.end(); ++each) {
            if (each->size >= heaviest->size) heaviest = each;
        }
        return heaviest;
    }

    // The narrowest of the groups on the path that has no room: 0 is the whole queue, 1 its widest group.
    std::optional<std::size_t> narrowest_full(rest_of_path whose) {
        std::optional<std::size_t> full;
        if (all_.size >= places_) full = 0;
        auto* in = &all_;
        for (std::size_t level = 1; level <= whose.size(); ++level) {
            const auto next = find(*in, whose[level - 1]);
            if (next == in->turns.end()) break;
            if (next->size >= share_) full = level;
            in = &*next;
        }
        return full;
    }

    // Takes an item out of the full group, which is `levels` below `in`. Returns nothing if it is the newcomer whose
    // own group is the heaviest.
    static std::optional<Item> make_room(group& in, rest_of_path whose, std::size_t levels) {
        if (whose.empty()) return std::nullopt;
        const auto own = find(in, whose.front());
        const auto own_size = own == in.turns.end() ? 0 : own->size;
        if (levels == 0 && !in.turns.empty() && heaviest_of(in)->size > own_size + 1) return take_newest(in);
        if (own == in.turns.end()) return std::nullopt;
        auto taken = make_room(*own, whose.subspan(1), levels == 0 ? 0 : levels - 1);
        if (taken) --in.size;
        return taken;
    }

    static Item take_newest(group& from) {
        --from.size;
        if (from.turns.empty()) {
            Item item = std::move(from.items.back());
            from.items.pop_back();
            return item;
        }
        const auto heaviest = heaviest_of(from);
        Item item = take_newest(*heaviest);
        if (heaviest->size == 0) from.turns.erase(heaviest);
        return item;
    }

    static void add(group& to, rest_of_path whose, Item item) {
        ++to.size;
        if (whose.empty()) {
            to.items.push_back(std::move(item));
            return;
        }
        auto next = find(to, whose.front());
        if (next == to.turns.end()) next = to.turns.insert(to.turns.end(), {.name = whose.front()});
        add(*next, whose.subspan(1), std::move(item));
    }

    static Item take_next(group& from) {
        --from.size;
        if (from.turns.empty()) {
            Item item = std::move(from.items.front());
            from.items.pop_front();
            return item;
        }
        const auto first = from.turns.begin();
        Item item = take_next(*first);
        if (first->size == 0) {
            from.turns.erase(first);
        } else {
            from.turns.splice(from.turns.end(), from.turns, first);
        }
        return item;
    }

    const std::size_t places_;
    const std::size_t share_;
    group all_;
};

}  // namespace userinfo
