#include "keys/key_rules.h"

#include <algorithm>

namespace userinfo {

error no_keys_yet() {
    return {.code = errc::not_found, .message = "there are no keys yet: the first start of the server makes them"};
}

bool is_due_to_sign(const stored_key& key, timestamp now) {
    return key.state == key_state::next && key.not_before <= now;
}

bool is_due_to_end(const stored_key& key, timestamp now) {
    return key.state == key_state::retiring && key.verify_until && *key.verify_until <= now;
}

result<void> check_may_be_added(const stored_key& added, const std::vector<stored_key>& present) {
    if (added.state != key_state::next && added.state != key_state::active) return {};
    const bool taken = std::ranges::any_of(
        present, [&](const stored_key& key) { return key.purpose == added.purpose && key.state == added.state; });
    if (!taken) return {};
    return failure(errc::already_exists, "There is a key of this purpose and state already.");
}

result<void> check_may_be_revoked(const std::optional<stored_key>& key, const std::string& kid) {
    if (!key) return failure(errc::not_found, "there is no key " + kid);
    if (key->state == key_state::gone) return failure(errc::not_found, "the key " + kid + " is gone already");
    return {};
}

}  // namespace userinfo
