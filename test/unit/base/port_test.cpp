#include "base/port.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

TEST(port, is_a_number_of_sixteen_bits) {
    EXPECT_EQ(parse_port("0"), 0);
    EXPECT_EQ(parse_port("8080"), 8080);
    EXPECT_EQ(parse_port("65535"), 65535);
    for (const auto* text : {"", "65536", "99999999999999999999", "-1", "+1", " 1", "1 ", "0x50", "80a", "http"}) {
        EXPECT_EQ(parse_port(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace userinfo
