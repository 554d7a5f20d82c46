// Where the master keys come from: the environment, a file, or, the first time, a file that is made.
#pragma once

#include <filesystem>
#include <optional>

#include "programs/settings.h"
#include "tokens/sealing.h"

namespace userinfo::programs {

enum class missing_key {
    make,
    refuse,          // there are keys already that only the missing one opens
    refuse_to_make,  // others need the same one
};

// Reads them; if there is none, makes the file, for its owner's eyes only, or refuses. Warns in the log of a file that
// its group may use. Throws config_error: there is none, the text holds other than keys, others may use the file, or it
// cannot be read or made.
master_keys load_master_keys(const settings& settings, missing_key if_missing);

// Nothing: they come from the environment.
std::optional<std::filesystem::path> master_key_file(const settings& settings);

// Puts `keys` into a file that is there, whole or not at all, for the eyes of the owner that it had. Throws
// config_error if it cannot; then the file is what it was. One program at a time may do so.
void replace_master_keys(const std::filesystem::path& file, const master_keys& keys);

}  // namespace userinfo::programs
