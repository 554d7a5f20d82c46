#include "base/comma_list.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using elements = std::vector<std::string_view>;

elements elements_of(std::string_view list) {
    elements found;
    for (const auto element : comma_list(list)) found.push_back(element);
    return found;
}

TEST(comma_list, has_its_elements_in_order_without_white_space_around_them) {
    EXPECT_EQ(elements_of("one"), (elements{"one"}));
    EXPECT_EQ(elements_of("one,two"), (elements{"one", "two"}));
    EXPECT_EQ(elements_of(" one word \t, two"), (elements{"one word", "two"}));
}

TEST(comma_list, may_have_empty_elements) {
    EXPECT_EQ(elements_of(""), elements());
    EXPECT_EQ(elements_of(","), (elements{"", ""}));
    EXPECT_EQ(elements_of("one,, ,two,"), (elements{"one", "", "", "two", ""}));
}

}  // namespace
}  // namespace userinfo
