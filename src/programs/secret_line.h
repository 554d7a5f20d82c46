// A secret that somebody types, or that another program hands over on a pipe.
#pragma once

#include <optional>

#include "base/secret_string.h"

namespace userinfo::programs {

// Returns the first line without its line end, or nothing at end of file. The line may be empty. Reads at most 4 KB,
// which is more than any password has. Throws std::system_error if `descriptor` cannot be read.
std::optional<secret_string> read_secret_line(int descriptor);

}  // namespace userinfo::programs
