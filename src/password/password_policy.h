// Which passwords may be set (OWASP ASVS 5.0 section 6.2, NIST SP 800-63B-4 section 3.1.1), and the one form in which a
// password is set and verified.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "base/secret_string.h"
#include "identity/login_identifier.h"

namespace userinfo {

struct password_rules {
    std::size_t shortest = 8;      // code points; 8 to 15
    bool refuse_guessable = true;  // what is on the block list, or made of the owner's identifier or the service's name
};

// The form that is hashed: NFKC of well-formed UTF-8 of at most 1,024 bytes without NUL and unassigned code points, at
// most 256 code points. errc::invalid_argument about `field`.
result<secret_string> normalize_password(std::string_view typed, std::string_view field);

// Whether a normalized password may be set by the owner of that identifier: long enough, not on the block list, not the
// service's name, not the identifier or its local part. There are no rules of composition. errc::invalid_argument about
// `field`.
result<void> check_new_password(std::string_view normalized, const login_identifier& owner, const password_rules& rules,
                                std::string_view field);

}  // namespace userinfo
