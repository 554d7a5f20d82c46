#include "base/version.h"

#include "build.embedded.h"

namespace userinfo {

std::string_view program_version() { return embedded::version; }

std::string_view program_commit() { return embedded::commit; }

}  // namespace userinfo
