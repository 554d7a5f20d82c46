#include "storage/redis/profile_json.h"

#include <gtest/gtest.h>

namespace userinfo::redis {
namespace {

using namespace std::chrono_literals;

const uuid account = uuid::random();

versioned_profile anna() {
    return {.version = 7,
            .value = profile{.account = account,
                             .username = "Am\u00e9lie \"\\\n\U0001F600",
                             .birthday = date(2000y / 2 / 29),
                             .avatar = "https://example.org/a.png",
                             .email = "anna@example.org"}};
}

TEST(profile_json, comes_back_as_it_was) {
    const auto found = parse_profile_json(to_json(anna()), account);
    ASSERT_TRUE(found && found->value);
    EXPECT_EQ(found->version, 7u);
    EXPECT_EQ(found->value->account, account);
    EXPECT_EQ(found->value->username, anna().value->username);
    EXPECT_EQ(found->value->birthday, date(2000y / 2 / 29));
    EXPECT_EQ(found->value->avatar, "https://example.org/a.png");
    EXPECT_EQ(found->value->email, "anna@example.org");
}

TEST(profile_json, keeps_what_is_not_set) {
    auto profile = anna();
    profile.value->birthday.reset();
    profile.value->avatar.clear();
    const auto found = parse_profile_json(to_json(profile), account);
    ASSERT_TRUE(found && found->value);
    EXPECT_EQ(found->value->birthday, std::nullopt);
    EXPECT_EQ(found->value->avatar, "");
}

TEST(profile_json, absence_has_a_version_too) {
    EXPECT_EQ(to_json({.version = 4, .value = {}}), R"({"version":4,"absent":true})");
    for (const std::uint64_t version : {0, 4}) {
        const auto found = parse_profile_json(to_json({.version = version, .value = {}}), account);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->version, version);
        EXPECT_FALSE(found->value);
    }
}

TEST(profile_json, begins_with_the_version) { EXPECT_TRUE(to_json(anna()).starts_with(R"({"version":7,)")); }

TEST(profile_json, refuses_what_is_damaged) {
    const auto whole = to_json(anna());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(parse_profile_json(whole.substr(0, size), account)) << size;
    }
    for (const auto* text :
         {"null", "[]", "{}", R"({"version":3})", R"({"version":"3","absent":true})", R"({"version":-3,"absent":true})",
          R"({"version":3.5,"absent":true})", R"({"version":3,"absent":false})", R"({"absent":true})",
          R"({"version":3,"profile":null})", R"({"version":3,"profile":{}})",
          R"({"version":3,"profile":{"username":"A","birthday":"2000-02-30","avatar":"","email":"a@b.c"}})",
          R"({"version":3,"profile":{"username":"A","birthday":5,"avatar":"","email":"a@b.c"}})",
          R"({"version":3,"profile":{"username":5,"birthday":null,"avatar":"","email":"a@b.c"}})",
          R"({"version":3,"profile":{"username":"A","birthday":null,"avatar":""}})",
          R"({"version":3,"absent":true} and more)"}) {
        EXPECT_FALSE(parse_profile_json(text, account)) << text;
    }
}

}  // namespace
}  // namespace userinfo::redis
