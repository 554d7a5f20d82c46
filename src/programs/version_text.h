// What `userinfo --version` prints.
#pragma once

#include <string>

namespace userinfo::programs {

// The version with the commit, and the libraries for cryptography that run. No end of line at its end.
std::string version_text();

}  // namespace userinfo::programs
