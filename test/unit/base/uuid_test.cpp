#include "base/uuid.h"

#include <set>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

constexpr std::string_view spelling = "0123abcd-4567-4def-89ab-cdef01234567";

TEST(uuid, a_random_one_has_version_4_and_the_rfc_variant) {
    for (int i = 0; i < 100; ++i) {
        const auto id = uuid::random();
        EXPECT_EQ(id.bytes()[6] >> 4, 4);
        EXPECT_EQ(id.bytes()[8] >> 6, 2);
    }
}

TEST(uuid, random_ones_differ) {
    std::set<uuid> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(uuid::random());
    EXPECT_EQ(seen.size(), 1000u);
}

TEST(uuid, its_text_is_parsed_back) {
    const auto id = uuid::parse(spelling);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->to_string(), spelling);
    EXPECT_EQ(id->bytes()[0], 0x01);
    EXPECT_EQ(id->bytes()[3], 0xcd);
    EXPECT_EQ(id->bytes()[15], 0x67);
    const auto random = uuid::random();
    EXPECT_EQ(uuid::parse(random.to_string()), random);
}

TEST(uuid, is_parsed_in_either_case_and_written_in_lower_case) {
    for (const auto* text : {"0123ABCD-4567-4DEF-89AB-CDEF01234567", "0123abcD-4567-4def-89ab-cdef01234567"}) {
        const auto id = uuid::parse(text);
        ASSERT_TRUE(id) << text;
        EXPECT_EQ(id->to_string(), spelling);
    }
}

TEST(uuid, refuses_every_other_spelling) {
    using namespace std::string_view_literals;
    for (const auto text : {
             ""sv,
             "{0123abcd-4567-4def-89ab-cdef0123456}"sv,
             "{0123abcd-4567-4def-89ab-cdef01234567}"sv,
             "urn:uuid:0123abcd-4567-4def-89ab-cdef01234567"sv,
             "0123abcd45674def89abcdef01234567"sv,
             "0123abcd-4567-4def-89ab-cdef0123456"sv,
             "0123abcd-4567-4def-89ab-cdef012345678"sv,
             " 0123abcd-4567-4def-89ab-cdef0123456"sv,
             "0123abcd-4567-4def-89ab-cdef0123456 "sv,
             "0123abcd-4567-4def-89ab-cdef0123456\n"sv,
             "0123abcd-4567-4def-89ab-cdef0123456g"sv,
             "0123abcd-4567-4def-89ab-cdef0123456\0"sv,
             "0123abcd_4567-4def-89ab-cdef01234567"sv,
             "0123abc-d4567-4def-89ab-cdef01234567"sv,
             "0123abcd-4567-4def-89ab-cdef0123-567"sv,
             "0123abcd-4567-4def-89ab-cdef012345\xc3\xa9"sv,
         }) {
        EXPECT_FALSE(uuid::parse(text)) << text;
    }
}

TEST(uuid, is_made_from_exactly_16_bytes) {
    const auto id = uuid::random();
    EXPECT_EQ(uuid::from_bytes(id.view()), id);
    EXPECT_FALSE(uuid::from_bytes(""));
    EXPECT_FALSE(uuid::from_bytes(std::string(15, 'a')));
    EXPECT_FALSE(uuid::from_bytes(std::string(17, 'a')));
}

TEST(uuid, equal_ones_have_the_same_hash) {
    const auto id = uuid::random();
    EXPECT_EQ(std::hash<uuid>()(id), std::hash<uuid>()(*uuid::from_bytes(id.view())));
    EXPECT_NE(std::hash<uuid>()(id), std::hash<uuid>()(uuid::random()));
}

}  // namespace
}  // namespace userinfo
