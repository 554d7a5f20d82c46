// `userinfo audit …`: reads and verifies the audit trail, beside a running server.
#pragma once

#include <string>

#include "programs/program_signals.h"
#include "programs/settings.h"

namespace userinfo::programs {

// The filters as typed. An empty one is not applied.
struct audit_query {
    std::string account;  // an email address or an account's id, also of a deleted account
    std::string since;    // a time, or a duration before now
    std::string type;     // to_string(audit_type)
};

// Print to standard output, or one line to standard error, and return the exit code: 1 if the request is refused or the
// trail is invalid. Throw config_error for a malformed argument, and std::runtime_error if the database cannot be used.

// Prints one line of JSON for each event, oldest first.
int list_audit(const settings& settings, const audit_query& query);

// The same for events as they come, until a signal or the end of whoever reads them; without `since` only new ones.
// Goes on while the database does not answer. `signals` must be older than any other thread.
int follow_audit(const settings& settings, const audit_query& query, const program_signals& signals);

// `noted_head` is the "PLACE:MAC" of an earlier verification, or empty.
int verify_audit(const settings& settings, const std::string& noted_head);

}  // namespace userinfo::programs
