// A secret that somebody types, or that another program hands over on a pipe.
#pragma once

#include <optional>

#include "base/secret_string.h"

namespace userinfo::programs {

// The first line that `descriptor` gives, without its end; it may be empty, and need not end. Reads at most 4 KB, which
// is more than any password has. Nothing: there is no line. Throws std::system_error if it cannot be read.
std::optional<secret_string> read_secret_line(int descriptor);

}  // namespace userinfo::programs
