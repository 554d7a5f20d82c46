// Which build of userinfo this is.
#pragma once

#include <string_view>

namespace userinfo {

// "0.1.0", as in CMakeLists.txt.
std::string_view program_version();

// The commit that was built, abbreviated to 12 digits or more, with "-dirty" at its end if somebody had
// changed them. Empty if the build could not tell, as from an archive of the sources.
std::string_view program_commit();

}  // namespace userinfo
