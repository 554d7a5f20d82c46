// A password that somebody types, or that another program hands over on a pipe.
#pragma once

#include "base/result.h"
#include "base/secret_string.h"

namespace userinfo::programs {

// Returns the first line of `descriptor`, which is standard input, without a byte order mark and without its end: LF or
// CRLF. The line may be empty. Reads at most 4 KB, which is more than any password has. errc::invalid_argument: nothing
// comes, or it cannot be read, or the line holds a carriage return. Browsers remove line breaks from what is typed into
// a password field, so nobody could log in with such a password.
result<secret_string> read_secret_line(int descriptor);

}  // namespace userinfo::programs
