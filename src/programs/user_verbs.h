// `userinfo user …`: what operators do to accounts, by the same rules as the server, beside the server.
#pragma once

#include <cstdint>
#include <string>

#include "programs/settings.h"

namespace userinfo::programs {

// Each prints what it did, or one line on standard error, and returns the exit code. `who` is an email address or an
// account's id. What ends sessions returns when no running server accepts them any more. Throws std::runtime_error if
// the database cannot be used.

// The password is the first line of standard input.
int create_user(const settings& settings, const std::string& email);
int show_user(const settings& settings, const std::string& who);
int list_users(const settings& settings);
int suspend_user(const settings& settings, const std::string& who);
int restore_user(const settings& settings, const std::string& who);
// Forgets the failed log-ins, so that the next one need not wait.
int unlock_user(const settings& settings, const std::string& who);
int delete_user(const settings& settings, const std::string& who);

}  // namespace userinfo::programs
