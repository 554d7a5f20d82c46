// An email address as an account's identifier. Different spellings of one mailbox map to one account.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace userinfo {

struct email_address {
    std::string typed;  // as typed, without white space around it
    std::string key;    // compared byte by byte: lower case, the domain as A-labels
};

// Registration, log-in, import and throttling all use this function. It removes white space at both ends
// (trim_white_space), lower-cases the local part (ASCII, an RFC 5321 dot-string) and converts the domain to lower-case
// A-labels (IDNA 2008), at least two of them. A label that IDNA 2008 does not take as it is typed is first mapped as
// browsers map it (UTS #46, nontransitional): to lower case, to NFC, compatibility characters to what they stand for.
// It does not treat dots and plus signs in the local part specially. The typed form and the key have at most 254 bytes
// each. errc::invalid_argument, field "email".
result<email_address> parse_email(std::string_view text);

// An identifier as it is kept, for protocols that take printable ASCII alone, such as header fields: an email address
// with its domain as A-labels, and any other text as it is. Empty if it has no such form.
std::string ascii_form(std::string_view identifier);

}  // namespace userinfo
