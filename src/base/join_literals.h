// Concatenates string literals at compile time, so that what they have in common is written only once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace userinfo {

// After `constexpr auto text = join(columns, "WHERE id = ?");`, `text.data()` is a C string.
template <std::size_t... Sizes>
consteval auto join(const char (&... parts)[Sizes]) {
    std::array<char, (Sizes + ...) - sizeof...(Sizes) + 1> text{};
    auto end = text.begin();
    ((end = std::copy_n(parts, Sizes - 1, end)), ...);
    return text;
}

}  // namespace userinfo
