#include "storage/redis/script.h"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

#include "base/hex.h"

namespace userinfo::redis {

namespace {

std::string sha1_digits(std::string_view text) {
    std::array<unsigned char, 20> digest;
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("OpenSSL: SHA-1 failed");
    return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

script::script(std::string_view text) : text_(text), name_(sha1_digits(text)) {}

}  // namespace userinfo::redis
