#include "discovery/known_instances.h"

#include <algorithm>
#include <utility>

namespace userinfo::discovery {

bool known_instances::put(std::string_view key, std::string_view text) {
    auto instance = parse_instance(text);
    if (!instance) {
        remove(key);
        return false;
    }
    by_key_.insert_or_assign(std::string(key), std::move(*instance));
    return true;
}

void known_instances::remove(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) by_key_.erase(found);
}

std::vector<service_instance> known_instances::all() const {
    std::vector<service_instance> instances;
    for (const auto& [key, instance] : by_key_) {
        const auto seen = std::ranges::find(instances, instance.address, &service_instance::address);
        if (seen == instances.end()) instances.push_back(instance);
    }
    return instances;
}

}  // namespace userinfo::discovery
