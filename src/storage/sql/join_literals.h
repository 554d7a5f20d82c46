// Puts statements together at compile time, so that a list of columns is written once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace userinfo::sql {

// `constexpr auto text = join(columns, "WHERE id = ?");`, then `text.data()` is a statement.
template <std::size_t... Sizes>
consteval auto join(const char (&... parts)[Sizes]) {
    std::array<char, (Sizes + ...) - sizeof...(Sizes) + 1> text{};
    auto end = text.begin();
    ((end = std::copy_n(parts, Sizes - 1, end)), ...);
    return text;
}

}  // namespace userinfo::sql
