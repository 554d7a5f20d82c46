// The path of the RPC of a use case: "/package.Service/Method".
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace userinfo::rpc {

inline constexpr std::string_view service_name = "userinfo.v1.Userinfo";

template <class UseCase>
inline constexpr auto method_path_text = [] {
    constexpr auto name = UseCase::description.name;
    std::array<char, service_name.size() + name.size() + 2> text{'/'};
    auto end = std::ranges::copy(service_name, text.begin() + 1).out;
    *end++ = '/';
    std::ranges::copy(name, end);
    return text;
}();

template <class UseCase>
inline constexpr std::string_view method_path{method_path_text<UseCase>.data(), method_path_text<UseCase>.size()};

}  // namespace userinfo::rpc
