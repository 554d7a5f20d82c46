// Loads the master keys from the environment or a file. The file is created on first use.
#pragma once

#include <filesystem>
#include <optional>

#include "programs/settings.h"
#include "tokens/sealing.h"

namespace userinfo::programs {

enum class missing_key {
    make,
    refuse,          // stored keys exist that only the missing one unseals
    refuse_to_make,  // other programs need the same one
};

// Reads the master keys. If there are none, creates the file with access for its owner only, or refuses. Logs a warning
// if the file's group has access. Throws config_error if there are no keys, the text is malformed, others have access
// to the file, or it cannot be read or created.
master_keys load_master_keys(const settings& settings, missing_key if_missing);

// What a start does if there are no master keys and the database has no keys either.
missing_key at_first_start(const settings& settings);

// Throws config_error if another user could replace the master key's file, or if it already is another user's. For a
// start, before it makes anything: it would refuse the key that it has just made.
void require_place_for_master_keys(const settings& settings);

// Throws config_error as load_master_keys does at the first start, but creates no file.
void check_master_keys(const settings& settings);

// Empty if the keys come from the environment.
std::optional<std::filesystem::path> master_key_file(const settings& settings);

// Replaces the contents of an existing file atomically. It keeps its owner, and only the owner has access. Throws
// config_error on failure; then the file is unchanged. Only one program may do this at a time.
void replace_master_keys(const std::filesystem::path& file, const master_keys& keys);

}  // namespace userinfo::programs
