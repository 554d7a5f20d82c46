#include "profile/write_rules.h"

#include <gtest/gtest.h>

#include "support/failure_of.h"

namespace userinfo {
namespace {

using test::failure_of;

versioned_profile at_version(std::uint64_t version) { return {.version = version, .value = profile()}; }
write_condition one_of(std::vector<std::uint64_t> versions) {
    return {.if_versions = std::move(versions), .unless_versions = {}};
}
write_condition none_of(std::vector<std::uint64_t> versions) {
    return {.if_versions = {}, .unless_versions = std::move(versions)};
}
versioned_profile deleted_at_version(std::uint64_t version) { return {.version = version, .value = {}}; }

TEST(write_rules, a_profile_is_created_where_none_is) {
    EXPECT_TRUE(check_creation({}));
    EXPECT_TRUE(check_creation(deleted_at_version(7)));
    EXPECT_EQ(failure_of(check_creation(at_version(1))), errc::already_exists);
}

TEST(write_rules, a_write_without_a_condition_is_for_every_version) {
    EXPECT_TRUE(check_write(at_version(1), {}));
    EXPECT_TRUE(check_write(at_version(7), {}));
}

TEST(write_rules, a_write_is_for_the_versions_that_it_names_and_no_other) {
    EXPECT_TRUE(check_write(at_version(7), one_of({7})));
    EXPECT_TRUE(check_write(at_version(7), one_of({7, 1})));
    EXPECT_TRUE(check_write(at_version(7), one_of({1, 7})));
    EXPECT_EQ(failure_of(check_write(at_version(7), one_of({6}))), errc::version_mismatch);
    EXPECT_EQ(failure_of(check_write(at_version(7), one_of({8}))), errc::version_mismatch);
    EXPECT_EQ(failure_of(check_write(at_version(7), one_of({6, 8}))), errc::version_mismatch);
}

TEST(write_rules, a_write_is_for_none_of_the_versions_that_it_rules_out) {
    EXPECT_TRUE(check_write(at_version(7), none_of({6, 8, 0})));
    EXPECT_EQ(failure_of(check_write(at_version(7), none_of({7}))), errc::version_mismatch);
    EXPECT_EQ(failure_of(check_write(at_version(7), none_of({6, 7}))), errc::version_mismatch);
    EXPECT_EQ(failure_of(check_write(at_version(7), {.if_versions = {7}, .unless_versions = {7}})),
              errc::version_mismatch);
    EXPECT_TRUE(check_write(at_version(7), {.if_versions = {7}, .unless_versions = {6}}));
    EXPECT_EQ(failure_of(check_write(at_version(7), {.if_versions = {6}, .unless_versions = {8}})),
              errc::version_mismatch);
}

TEST(write_rules, a_profile_that_is_not_there_has_no_version_to_write) {
    EXPECT_EQ(failure_of(check_write({}, {})), errc::not_found);
    EXPECT_EQ(failure_of(check_write({}, one_of({0}))), errc::not_found);
    EXPECT_EQ(failure_of(check_write(deleted_at_version(7), {})), errc::not_found);
    EXPECT_EQ(failure_of(check_write(deleted_at_version(7), one_of({7}))), errc::not_found);
    EXPECT_EQ(failure_of(check_write(deleted_at_version(7), one_of({6}))), errc::not_found);
    EXPECT_EQ(failure_of(check_write(deleted_at_version(7), none_of({7}))), errc::not_found);
}

}  // namespace
}  // namespace userinfo
