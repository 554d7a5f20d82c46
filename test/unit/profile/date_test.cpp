#include "profile/date.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

TEST(date, has_one_spelling) {
    for (const auto& [text, day] :
         {std::pair("2030-01-02", date(2030y / 1 / 2)), std::pair("1900-12-31", date(1900y / 12 / 31)),
          std::pair("2024-02-29", date(2024y / 2 / 29)), std::pair("0001-01-01", date(1y / 1 / 1)),
          std::pair("9999-12-31", date(9999y / 12 / 31))}) {
        EXPECT_EQ(parse_date(text), day) << text;
        EXPECT_EQ(to_string(day), text);
    }
}

TEST(date, refuses_days_that_are_not_and_other_forms) {
    for (const auto text : {""sv,
                            "2023-02-29"sv,
                            "1900-02-29"sv,
                            "2024-02-30"sv,
                            "2024-04-31"sv,
                            "2024-13-01"sv,
                            "2024-00-01"sv,
                            "2024-01-00"sv,
                            "2024-01-32"sv,
                            "2024-1-01"sv,
                            "2024-01-1"sv,
                            "24-01-01"sv,
                            "20240101"sv,
                            "2024/01/01"sv,
                            "01-01-2024"sv,
                            "01.01.2024"sv,
                            " 2024-01-01"sv,
                            "2024-01-01 "sv,
                            "2024-01-01T00:00"sv,
                            "+024-01-01"sv,
                            "-024-01-01"sv,
                            "2024-+1-01"sv,
                            "2024-01--1"sv,
                            "2024- 1-01"sv,
                            "0x24-01-01"sv,
                            "2024-01-0\0"sv,
                            "\uff12024-01-"sv,
                            "12024-01-01"sv}) {
        EXPECT_EQ(parse_date(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace userinfo
