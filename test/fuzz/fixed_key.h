// A key pair that is the same in each run, so that an input that breaks a rule breaks it again. It guards nothing.
#pragma once

#include <string>

#include "tokens/es256.h"

namespace userinfo::fuzz {

// PKCS #8 (RFC 5958) of the P-256 key whose private number is 01 02 03 ... 20; OpenSSL works out the public point.
inline es256_key fixed_key() {
    std::string der(
        "\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04"
        "\x27"
        "\x30\x25\x02\x01\x01\x04\x20",
        35);
    for (char number = 1; number <= 32; ++number) der += number;
    return es256_key::from_private_der(der);
}

}  // namespace userinfo::fuzz
