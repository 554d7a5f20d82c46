// `userinfo keys …`: what operators do to the program's own keys, beside the server.
#pragma once

#include <string>

#include "programs/settings.h"

namespace userinfo::programs {

// Each prints what it did, or one line on standard error, and returns the exit code. Those that change keys wait for
// each other. Throws config_error if the master key cannot be used, and std::runtime_error if the database cannot.

// `all`: those that are gone, too.
int list_keys(const settings& settings, bool all);

// `purpose`: "access", "refresh", or empty for both. `now`: without the time that others have to learn of the new key.
int rotate_keys(const settings& settings, const std::string& purpose, bool now);

// Returns when no running server accepts the key any more.
int revoke_key(const settings& settings, const std::string& kid);

// Seals all keys with a new master key, and puts that into the file in the place of the old one. If it ends before that
// is done, the file holds both and it can be run again. If the master keys come from the environment, it seals with the
// first of them.
int rewrap_keys(const settings& settings);

}  // namespace userinfo::programs
