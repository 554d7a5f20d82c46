#include "base/wipe.h"

#include <sodium.h>

namespace userinfo {

void wipe(void* memory, std::size_t size) { sodium_memzero(memory, size); }

void wipe_stack() {
    // The deepest stack frames with a secret are Boost.JSON's, which unescapes into 4 KB of its own.
    constexpr std::size_t reach = 16 * 1024;
    sodium_stackzero(reach);
}

}  // namespace userinfo
