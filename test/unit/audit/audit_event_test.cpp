#include "audit/audit_event.h"

#include <set>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

TEST(audit_event, every_type_has_a_name_of_its_own_that_is_read_again) {
    std::set<std::string_view> names;
    for (const auto type : audit_types()) {
        EXPECT_EQ(parse_audit_type(to_string(type)), type);
        names.insert(to_string(type));
    }
    EXPECT_EQ(names.size(), audit_types().size());
    EXPECT_TRUE(names.contains("register") && names.contains("relaxed_mode"));
}

TEST(audit_event, no_other_name_is_a_type) {
    for (const auto* name : {"", "Register", "log_in ", "login"}) EXPECT_EQ(parse_audit_type(name), std::nullopt);
}

}  // namespace
}  // namespace userinfo
