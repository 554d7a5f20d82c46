// Extracts the error code of a result, for EXPECT_EQ.
#pragma once

#include <optional>

#include "base/result.h"

namespace userinfo::test {

// Empty if the result is a value.
template <class T>
std::optional<errc> failure_of(const result<T>& outcome) {
    if (outcome) return std::nullopt;
    return outcome.error().code;
}

}  // namespace userinfo::test
