// `userinfo user …`: manages accounts beside a running server, with the same rules as the server.
#pragma once

#include <cstdint>
#include <string>

#include "programs/output_form.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Each prints what it did, or one line to standard error, and returns the exit code. `who` is an email address or an
// account's id. Verbs that end sessions return when no running server accepts them any more. Throw std::runtime_error
// if the database cannot be used.

// Reads the password from the first line of standard input.
int create_user(const settings& settings, const std::string& email);
// With its profile and its live sessions.
int show_user(const settings& settings, const std::string& who, output_form form);
int list_users(const settings& settings, output_form form);
int suspend_user(const settings& settings, const std::string& who);
int restore_user(const settings& settings, const std::string& who);
// Lifts the delay after failed log-ins.
int unlock_user(const settings& settings, const std::string& who);
int delete_user(const settings& settings, const std::string& who);

}  // namespace userinfo::programs
