// `userinfo keys …`: manages the program's own keys, beside a running server.
#pragma once

#include <string>

#include "programs/output_form.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Each prints what it did, or one line to standard error, and returns the exit code. Verbs that change keys wait for
// each other. Throw config_error if the master key cannot be used, and std::runtime_error if the database cannot.

// `all` includes keys that are gone.
int list_keys(const settings& settings, bool all, output_form form);

// `purpose` is "access", "refresh", or empty for both. `now` skips the delay in which other services learn of the new
// key.
int rotate_keys(const settings& settings, const std::string& purpose, bool now);

// Returns when no running server accepts the key any more.
int revoke_key(const settings& settings, const std::string& kid);

// Reseals all keys with a new master key, which then replaces the old one in the file. If it is interrupted, the file
// holds both keys and the verb can be repeated. If the master keys come from the environment, reseals with the first of
// them.
int rewrap_keys(const settings& settings);

}  // namespace userinfo::programs
