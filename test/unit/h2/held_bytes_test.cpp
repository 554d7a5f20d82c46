#include "h2/held_bytes.h"

#include <gtest/gtest.h>

namespace userinfo::h2 {
namespace {

TEST(held_bytes, takes_as_many_as_its_limit_and_no_more) {
    held_bytes held(100);
    EXPECT_TRUE(held.add(60));
    EXPECT_FALSE(held.add(41));
    EXPECT_EQ(held.size(), 60U);
    EXPECT_TRUE(held.add(40));
    EXPECT_FALSE(held.add(1));
    held.remove(1);
    EXPECT_TRUE(held.add(1));
    EXPECT_FALSE(held.add(static_cast<std::size_t>(-1)));
}

TEST(held_part, is_given_back_at_its_end) {
    held_bytes whole(100);
    {
        held_part first(whole), second(whole);
        EXPECT_TRUE(first.add(60));
        EXPECT_FALSE(second.add(50));
        first.remove(20);
        EXPECT_TRUE(second.add(50));
        EXPECT_EQ(whole.size(), 90U);
    }
    EXPECT_EQ(whole.size(), 0U);
}

TEST(held_part, that_is_moved_is_given_back_once) {
    held_bytes whole(100);
    {
        held_part first(whole);
        EXPECT_TRUE(first.add(60));
        const held_part second(std::move(first));
        EXPECT_EQ(whole.size(), 60U);
    }
    EXPECT_EQ(whole.size(), 0U);
}

}  // namespace
}  // namespace userinfo::h2
