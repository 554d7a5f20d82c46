// The error of a request that names versions, by If-Match or If-None-Match, and meets another one.
#pragma once

#include "base/result.h"

namespace userinfo {

inline error unmet_condition() {
    return {.code = errc::version_mismatch, .message = "The condition of the request is not met."};
}

}  // namespace userinfo
