// Lists in one text, as header fields (RFC 9110, section 5.6.1), settings and columns have them: "gzip, br".
#pragma once

#include <ranges>
#include <string_view>

#include "base/ascii.h"

namespace userinfo {

// The elements of `list`, without the spaces and tabs around them. Some may be empty. None may have a comma of its own.
inline auto comma_list(std::string_view list) {
    return std::views::split(list, ',') | std::views::transform([](const auto& element) {
               return trim(std::string_view(element.begin(), element.end()));
           });
}

}  // namespace userinfo
