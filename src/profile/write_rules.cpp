#include "profile/write_rules.h"

#include <algorithm>

namespace userinfo {

error no_such_profile() { return {.code = errc::not_found, .message = "There is no profile."}; }

result<void> check_creation(const versioned_profile& current) {
    if (!current.value) return {};
    return failure(errc::already_exists, "There is a profile already.");
}

result<void> check_write(const versioned_profile& current, const std::vector<std::uint64_t>& if_versions) {
    if (!current.value) return std::unexpected(no_such_profile());
    if (if_versions.empty() || std::ranges::find(if_versions, current.version) != if_versions.end()) return {};
    return failure(errc::version_mismatch, "The profile has changed meanwhile.");
}

}  // namespace userinfo
