// The identifier that a user logs in with: an email address or, for clients of the reference system, any word.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace userinfo {

// The values are stored in the database.
enum class identifier_kind { email = 1, legacy = 2 };

struct login_identifier {
    identifier_kind kind = identifier_kind::email;
    std::string typed;  // as typed, without white space around it; mail is sent to this
    std::string key;    // compared byte by byte; the same for all spellings of one identifier
};

// Which identifiers are accepted.
enum class identifier_forms {
    email_only,
    email_or_legacy,  // anything else may be 1 to 254 bytes of printable ASCII; its key is in lower case
};

// Registration, log-in, the command line and throttling all use this function. It removes white space at both ends.
// errc::invalid_argument, field "email".
result<login_identifier> parse_login_identifier(std::string_view text, identifier_forms forms);

}  // namespace userinfo
