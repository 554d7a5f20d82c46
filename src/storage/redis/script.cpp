#include "storage/redis/script.h"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

#include "base/hex.h"

namespace userinfo::redis {

namespace {

std::string sha1_digits(std::string_view text) {
    std::array<unsigned char, 20> digest;
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("OpenSSL: SHA-1 failed");
    return to_hex(digest);
}

}  // namespace

script::script(std::string_view text) : text_(text), name_(sha1_digits(text)) {}

}  // namespace userinfo::redis
