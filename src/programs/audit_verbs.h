// `userinfo audit …`: reads the audit trail and checks it, beside the server.
#pragma once

#include <string>

#include "programs/settings.h"

namespace userinfo::programs {

// As typed; empty: not asked for.
struct audit_query {
    std::string account;  // an email address or an account's id, also of a deleted account
    std::string since;    // a time, or a duration back from now
    std::string type;     // to_string(audit_type)
};

// Both print to standard output, or one line to standard error, and return the exit code: 1 if something is refused or
// wrong. They throw config_error for a text that is not what it should be, and std::runtime_error if the database
// cannot be used.

// A line of JSON for each event, the oldest first.
int list_audit(const settings& settings, const audit_query& query);

// `noted_head`: "PLACE:MAC" of an earlier verification, or empty.
int verify_audit(const settings& settings, const std::string& noted_head);

}  // namespace userinfo::programs
