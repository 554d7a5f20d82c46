#include "net/source_shares.h"

namespace userinfo::net {

std::optional<source_shares::entry> source_shares::add(const connection_source& source) {
    const auto found = counts_.try_emplace(source, 0).first;
    if (found->second >= share_) return std::nullopt;
    ++found->second;
    return found;
}

void source_shares::remove(entry entry) {
    if (--entry->second == 0) counts_.erase(entry);
}

}  // namespace userinfo::net
