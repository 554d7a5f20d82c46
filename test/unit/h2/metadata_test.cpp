#include "h2/metadata.h"

#include <gtest/gtest.h>

namespace userinfo::h2 {
namespace {

TEST(metadata, gives_the_first_value_of_a_key) {
    metadata some;
    some.add("a", "1");
    some.add("ab", "2");
    some.add("a", "3");
    EXPECT_EQ(some.value_of("a"), "1");
    EXPECT_EQ(some.value_of("ab"), "2");
}

TEST(metadata, gives_nothing_for_an_unknown_key_or_one_without_value) {
    metadata some;
    EXPECT_EQ(some.value_of("a"), "");
    some.add("a", "");
    some.add("b", "a");
    EXPECT_EQ(some.value_of("a"), "");
    EXPECT_EQ(some.value_of("b"), "a");
    EXPECT_EQ(some.value_of(""), "");
    EXPECT_EQ(some.value_of("ba"), "");
}

TEST(metadata, knows_its_size) {
    metadata some;
    EXPECT_EQ(some.size(), 0U);
    some.add("key", "value");
    some.add("k", "");
    EXPECT_EQ(some.size(), 9U);
}

}  // namespace
}  // namespace userinfo::h2
