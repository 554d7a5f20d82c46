// What an outcome failed with, for EXPECT_EQ.
#pragma once

#include <optional>

#include "base/result.h"

namespace userinfo::test {

// Nothing: it did not fail.
template <class T>
std::optional<errc> failure_of(const result<T>& outcome) {
    if (outcome) return std::nullopt;
    return outcome.error().code;
}

}  // namespace userinfo::test
