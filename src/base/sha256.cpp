#include "base/sha256.h"

#include <memory>
#include <span>
#include <stdexcept>

#include <openssl/evp.h>

#include "base/hex.h"

namespace userinfo {

namespace {

struct context_deleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

sha256_digest sha256(std::string_view bytes) {
    // Fetched once: OpenSSL 3 otherwise looks the algorithm up by name in every call, which takes four times as long.
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local const std::unique_ptr<EVP_MD_CTX, context_deleter> context(EVP_MD_CTX_new());
    sha256_digest digest;
    if (EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL: SHA-256 failed");
    }
    return digest;
}

std::string log_label(std::string_view bytes) {
    constexpr std::size_t kept = 8;
    const auto digest = sha256(bytes);
    return to_hex(std::span(digest).first(kept));
}

}  // namespace userinfo
