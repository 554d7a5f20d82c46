// Accounts as operators read them. docs/operations.md has the members of the JSON forms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/account.h"
#include "profile/profile.h"
#include "programs/output_form.h"
#include "session/session.h"

namespace userinfo::programs {

struct shown_account {
    userinfo::account account;
    std::optional<userinfo::profile> profile;
    std::vector<session> sessions;
};

// All of an account: several lines of text, or one of JSON.
std::string account_text(const shown_account& shown, output_form form);

// One line, without profile and sessions.
std::string account_line(const account& account, output_form form);

}  // namespace userinfo::programs
