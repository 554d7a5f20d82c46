// The settings of accounts, derived from the program's settings, that the server and the command line share.
#pragma once

#include "account/accounts.h"
#include "programs/settings.h"

namespace userinfo::programs {

inline account_settings account_settings_of(const settings& settings) {
    account_settings rules{.passwords = {.shortest = settings.passwords.shortest},
                           .log_in_floor = settings.passwords.log_in_floor};
    rules.first_passwords = rules.passwords;
    if (settings.compatibility.reference) {
        rules.identifiers = identifier_forms::email_or_legacy;
        rules.first_passwords = {.shortest = 6, .refuse_guessable = false};
    }
    return rules;
}

inline argon2_parameters argon2_of(const settings& settings) {
    return {.memory_kib = settings.passwords.memory,
            .iterations = static_cast<unsigned>(settings.passwords.iterations)};
}

}  // namespace userinfo::programs
