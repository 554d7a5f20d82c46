// How many connections each source has, so that one source cannot have all of a listener's. Keeps an entry only for a
// source that has a connection.
#pragma once

#include <cstddef>
#include <map>
#include <optional>

#include "net/connection_source.h"

namespace userinfo::net {

// Not thread-safe.
class source_shares {
    // Ordered, because an attacker who has many addresses could choose some that a hash table puts in one place.
    using counts = std::map<connection_source, std::size_t>;

public:
    // The source of one counted connection. Valid until it is removed.
    using entry = counts::iterator;

    // `share`: how many connections a source may have, at least one.
    explicit source_shares(std::size_t share) : share_(share) {}

    // Counts one more connection of `source`. Empty if `source` already has its share.
    std::optional<entry> add(const connection_source& source);
    // Counts one less.
    void remove(entry entry);

    // How many sources have a connection.
    std::size_t sources() const { return counts_.size(); }

private:
    const std::size_t share_;
    counts counts_;
};

}  // namespace userinfo::net
