#include "device/device_rules.h"

#include <algorithm>
#include <utility>

namespace userinfo {

bool is_current(const device_proof& shown, const device& known, timestamp now) {
    return shown.device == known.id && shown.generation == known.generation &&
           now - known.last_used_at < device_lifetime;
}

device_change decide_device(const std::vector<device>& known, const device_use& use) {
    const auto own = std::ranges::find_if(
        known, [&](const device& each) { return use.shown && is_current(*use.shown, each, use.at); });
    if (own != known.end()) {
        return {.used = {.id = own->id,
                         .generation = own->generation + 1,
                         .name = use.name,
                         .created_at = own->created_at,
                         .last_used_at = use.at}};
    }
    device_change made{.used = {.id = use.fresh_id, .name = use.name, .created_at = use.at, .last_used_at = use.at},
                       .is_new = true};
    constexpr auto kept = devices_per_account - 1;
    if (known.size() <= kept) return made;
    std::vector<std::pair<timestamp, uuid>> longest_unused_first;
    for (const auto& each : known) longest_unused_first.emplace_back(each.last_used_at, each.id);
    std::ranges::sort(longest_unused_first);
    for (std::size_t i = 0; i < known.size() - kept; ++i) made.forgotten.push_back(longest_unused_first[i].second);
    return made;
}

std::optional<device_proof> proof_for(const device_proofs& shown, const uuid& account) {
    const auto found = std::ranges::find(shown, account, &device_proof::account);
    if (found == shown.end()) return std::nullopt;
    return *found;
}

device_proofs with_latest(const device_proofs& shown, const device_proof& latest) {
    device_proofs proofs{latest};
    for (const auto& each : shown) {
        if (each.account != latest.account && proofs.size() < devices_per_client) proofs.push_back(each);
    }
    return proofs;
}

}  // namespace userinfo
