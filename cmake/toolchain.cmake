# The compiler and the flags that every target of ours is built with.

# Debian 12's GCC 12.2 miscompiles coroutines: it destroys temporaries of a co_await expression twice.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines (double destruction of temporaries): "
                      "use clang 19, as the presets do, or GCC 13 and later.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Position-independent for a program: all of our libraries are parts of one.
add_compile_options(-fPIE)

# Not -fcf-protection: Debian 12's start files lack its mark, so the linker drops it from the program.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-overlength-strings
                    -fstack-protector-strong -fno-omit-frame-pointer)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
add_compile_options($<$<CONFIG:Release>:-fstack-clash-protection>)
add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=3>)
add_link_options(-Wl,-z,relro,-z,now -Wl,--as-needed -pie)
