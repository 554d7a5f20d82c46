# Writes a header that says what is being built: the version, and the commit that the sources are of. Runs at each build,
# and changes the header only if one of them has changed. Called by src/base.
if(commit STREQUAL "" AND EXISTS "${root}/.git")
  # Without the lock, so that it disturbs nobody's git.
  execute_process(COMMAND git --no-optional-locks -C "${root}" describe --always --dirty --abbrev=12 "--exclude=*"
                  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
set(text "#pragma once\n#include <string_view>\nnamespace userinfo::embedded {\ninline constexpr std::string_view version = \"${version}\";\ninline constexpr std::string_view commit = \"${commit}\";\n}\n")
file(CONFIGURE OUTPUT "${header}" CONTENT "${text}" @ONLY)
