// Hashes and verifies passwords with libsodium: Argon2id (RFC 9106) in PHC strings. Each call blocks for about 15 ms of
// one core with the default parameters. `passwords` makes the calls on a pool.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace userinfo {

struct argon2_parameters {
    std::size_t memory_kib = 19 * 1024;  // OWASP's recommendation: 19 MiB,
    unsigned iterations = 2;             // two passes, one lane
};

// Thread-safe.
class password_hasher {
public:
    explicit password_hasher(argon2_parameters parameters) : parameters_(parameters) {}

    // Throws std::bad_alloc if memory runs out.
    std::string hash(std::string_view password) const;

    // Whether `password` matches the hash `phc`. Returns false for an unknown scheme. Also returns false for a hash
    // that needs more than 16 times the memory or the work (memory times passes) of the current parameters, so that a
    // damaged or planted row cannot exhaust the machine. A hash with weaker parameters takes as long as a current one,
    // so the time does not tell them apart. Throws std::bad_alloc if memory runs out.
    bool verify(std::string_view password, const std::string& phc) const;

    // Whether `phc` was made with another amount of work (memory times passes) than the current parameters.
    bool is_outdated(const std::string& phc) const;

private:
    const argon2_parameters parameters_;
};

}  // namespace userinfo
