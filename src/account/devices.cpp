#include "account/devices.h"

#include <utility>

#include "device/device_rules.h"

namespace userinfo {

task<result<std::vector<owned_device>>> devices::list(const principal& by, std::string_view shown) {
    auto found = co_await store_.list(by.account);
    if (!found) co_return std::unexpected(found.error());
    const auto proof = proof_for(seal_.unseal(shown), by.account);
    const auto now = clock_.now();
    std::vector<owned_device> owned;
    for (auto& each : *found) {
        const bool current = proof && is_current(*proof, each, now);
        owned.push_back({.value = std::move(each), .current = current});
    }
    co_return owned;
}

task<result<void>> devices::forget(const call& call, const principal& by, uuid device) {
    auto event = audit_of(call, audit_type::device_forget, clock_.now(), by.account);
    event.session = log_label(by.session.view());
    co_return co_await store_.forget(by, device, event);
}

}  // namespace userinfo
