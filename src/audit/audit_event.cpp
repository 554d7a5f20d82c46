#include "audit/audit_event.h"

#include <algorithm>
#include <array>

namespace userinfo {

namespace {

constexpr auto all_types = [] {
    std::array<audit_type, std::to_underlying(audit_type::refresh_repeated)> types{};
    for (std::size_t i = 0; i < types.size(); ++i) types[i] = static_cast<audit_type>(i + 1);
    return types;
}();

}  // namespace

std::span<const audit_type> audit_types() { return all_types; }

std::optional<audit_type> parse_audit_type(std::string_view name) {
    const auto found = std::ranges::find(all_types, name, to_string);
    if (found == all_types.end()) return std::nullopt;
    return *found;
}

}  // namespace userinfo
