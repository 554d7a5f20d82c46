#include "account/password_hasher.h"

#include <array>
#include <cstdio>
#include <new>

#include <sodium.h>

namespace userinfo {

namespace {

constexpr std::string_view argon2id = "$argon2id$";

}  // namespace

std::string password_hasher::hash(std::string_view password) const {
    std::array<char, crypto_pwhash_STRBYTES> phc;
    const int status = crypto_pwhash_str_alg(phc.data(), password.data(), password.size(), parameters_.iterations,
                                             parameters_.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13);
    if (status != 0) throw std::bad_alloc();
    return phc.data();
}

bool password_hasher::verify(std::string_view password, const std::string& phc) const {
    return phc.starts_with(argon2id) && crypto_pwhash_str_verify(phc.c_str(), password.data(), password.size()) == 0;
}

bool password_hasher::is_outdated(const std::string& phc) const {
    std::size_t memory_kib = 0;
    std::size_t iterations = 0;
    if (std::sscanf(phc.c_str(), "$argon2id$v=19$m=%zu,t=%zu,", &memory_kib, &iterations) != 2) return true;
    return memory_kib * iterations < parameters_.memory_kib * parameters_.iterations;
}

}  // namespace userinfo
