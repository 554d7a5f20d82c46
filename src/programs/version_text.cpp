#include "programs/version_text.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sodium.h>

#include "base/version.h"

namespace userinfo::programs {

std::string version_text() {
    const auto commit = program_commit();
    return fmt::format("userinfo {}{}\nOpenSSL {}, libsodium {}", program_version(),
                       commit.empty() ? "" : fmt::format(" (commit {})", commit),
                       OpenSSL_version(OPENSSL_VERSION_STRING), sodium_version_string());
}

}  // namespace userinfo::programs
