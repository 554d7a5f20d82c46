// The rules for new passwords (OWASP ASVS 5.0 section 6.2, NIST SP 800-63B-4 section 3.1.1), and the normal form in
// which passwords are hashed and verified.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "base/secret_string.h"
#include "identity/login_identifier.h"

namespace userinfo {

inline constexpr std::size_t longest_password = 256;  // code points

struct password_rules {
    std::size_t shortest = 8;      // in code points; 8 to 15
    bool refuse_guessable = true;  // refuse block-listed passwords, the identifier and the service's name
};

// Returns the form that is hashed: NFKC. `typed` must not be empty. It must be well-formed UTF-8 of at most 1,024 bytes
// and `longest_password` code points, without NUL and unassigned code points. errc::invalid_argument about `field`.
result<secret_string> normalize_password(std::string_view typed, std::string_view field);

// Checks whether the owner of an identifier may set this normalized password. It must be long enough, not on the block
// list, and neither the service's name nor the identifier or its local part. There are no composition rules.
// errc::invalid_argument about `field`.
result<void> check_new_password(std::string_view normalized, const login_identifier& owner, const password_rules& rules,
                                std::string_view field);

}  // namespace userinfo
