#include "profile/write_rules.h"

#include <algorithm>

#include "base/unmet_condition.h"

namespace userinfo {

namespace {

bool contains(const std::vector<std::uint64_t>& versions, std::uint64_t version) {
    return std::ranges::find(versions, version) != versions.end();
}

}  // namespace

error no_such_profile() { return {.code = errc::not_found, .message = "There is no profile."}; }

result<void> check_creation(const versioned_profile& current) {
    if (!current.value) return {};
    return failure(errc::already_exists, "There is a profile already.");
}

result<void> check_write(const versioned_profile& current, const write_condition& condition) {
    if (!current.value) return std::unexpected(no_such_profile());
    const auto& [allowed, refused] = condition;
    const bool is_allowed = allowed.empty() || contains(allowed, current.version);
    if (is_allowed && !contains(refused, current.version)) return {};
    return std::unexpected(unmet_condition());
}

}  // namespace userinfo
