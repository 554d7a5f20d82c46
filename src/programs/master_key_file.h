// Where the master key comes from: the environment, a file, or, the first time, a file that is made.
#pragma once

#include "programs/settings.h"
#include "tokens/sealing.h"

namespace userinfo::programs {

enum class missing_key {
    make,
    refuse,  // there are keys already that only the missing one opens
};

// Reads it; if there is none, makes the file, for its owner's eyes only, or refuses. Throws config_error: there is
// none, the text is no key, or the file cannot be read or made.
master_key load_master_key(const settings& settings, missing_key if_missing);

}  // namespace userinfo::programs
