// An email address as an identifier: two spellings of one mailbox are one account.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace userinfo {

struct email_address {
    std::string typed;  // as it was given; mail goes here
    std::string key;    // compared byte by byte: lower-case, the domain as A-labels
};

// One function for register, log-in, import and throttling. ASCII local part (an RFC 5321 dot-string), lower-cased; the
// domain by IDNA 2008 to A-labels, lower-cased, at least two labels. No trimming, no NFKC, no rules about dots or plus.
// At most 254 bytes, typed and key. errc::invalid_argument, field "email".
result<email_address> parse_email(std::string_view text);

}  // namespace userinfo
