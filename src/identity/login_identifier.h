// What a person logs in with: an email address, or, where the reference system's clients are served, any word.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace userinfo {

// The numbers are stored.
enum class identifier_kind { email = 1, legacy = 2 };

struct login_identifier {
    identifier_kind kind = identifier_kind::email;
    std::string typed;  // as it was given; mail goes here
    std::string key;    // compared byte by byte: what makes two spellings one
};

// Which forms are taken.
enum class identifier_forms {
    email_only,
    email_or_legacy,  // what is no email address may be 1 to 254 bytes of printable ASCII; its key is in lower case
};

// One function for register, log-in, the command line and throttling. errc::invalid_argument, field "email".
result<login_identifier> parse_login_identifier(std::string_view text, identifier_forms forms);

}  // namespace userinfo
