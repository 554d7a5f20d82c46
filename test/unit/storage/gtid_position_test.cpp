#include "storage/sql/mysql/gtid_position.h"

#include <string>

#include <gtest/gtest.h>

namespace userinfo::sql {

namespace {

gtid_position at(const std::string& text) { return gtid_position::parse(text).value(); }

TEST(gtid_position, a_later_number_of_a_domain_includes_an_earlier_one_whichever_server_wrote_it) {
    EXPECT_TRUE(at("0-1-10").includes(at("0-1-9")));
    EXPECT_TRUE(at("0-1-10").includes(at("0-1-10")));
    EXPECT_FALSE(at("0-1-9").includes(at("0-1-10")));
    EXPECT_TRUE(at("0-2-100").includes(at("0-1-99")));
}

TEST(gtid_position, includes_another_only_in_all_of_its_domains) {
    EXPECT_TRUE(at("0-1-10,7-2-5").includes(at("7-2-5,0-1-9")));
    EXPECT_FALSE(at("0-1-10,7-2-5").includes(at("0-1-10,7-2-6")));
    EXPECT_FALSE(at("0-1-10").includes(at("0-1-10,7-2-1")));
    EXPECT_TRUE(at("0-1-10,7-2-1").includes(at("0-1-10")));
}

TEST(gtid_position, every_position_includes_the_one_before_the_first_write) {
    EXPECT_TRUE(at("").includes(gtid_position()));
    EXPECT_TRUE(at("0-1-1").includes(at("")));
    EXPECT_FALSE(at("").includes(at("0-1-1")));
}

TEST(gtid_position, compares_numbers_and_not_texts) {
    EXPECT_TRUE(at("0-1-18446744073709551615").includes(at("0-1-9")));
    EXPECT_EQ(at("4294967295-1-1,0-1-2"), at("0-1-2,4294967295-1-1"));
}

TEST(gtid_position, what_is_not_a_position_is_none) {
    for (const auto* text : {"0", "0-1", "0-1-", "-1-2", "0--2", "0-1-2-3", "0-1-x", "0-1-2,,0-1-3", " 0-1-2", "0-1-+2",
                             "4294967296-1-1", "0-1-18446744073709551616", ","}) {
        EXPECT_EQ(gtid_position::parse(text), std::nullopt) << text;
    }
}

}  // namespace

}  // namespace userinfo::sql
