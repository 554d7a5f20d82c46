// Hashes and verifies passwords with libsodium: Argon2id (RFC 9106) in PHC strings. Each call blocks for about 15 ms of
// one core with the default parameters. `passwords` makes the calls on a pool.
#pragma once

#include <cstddef>
#include <optional>
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

    // Whether `phc` is a hash that `verify` can check: Argon2id, not damaged, with at most 16 times the memory and 16
    // times the work (memory times passes) of the current parameters, so that a planted row cannot exhaust the machine.
    bool knows(const std::string& phc) const;

    // Whether `password` matches the hash `phc`. Returns false for a hash that it does not know. Does at least the work
    // of a hash with the current parameters, whatever `phc` is. Throws std::bad_alloc if memory runs out.
    bool verify(std::string_view password, const std::string& phc) const;

    // Whether `phc` was made with another amount of work (memory times passes) than the current parameters.
    bool is_outdated(const std::string& phc) const;

    // Returns a hash that no password matches, with the parameters that a PHC string of this beginning has. Returns
    // nothing if they are the current ones, or those of a hash that it does not know.
    std::optional<std::string> sample_of(std::string_view beginning) const;

private:
    const argon2_parameters parameters_;
};

}  // namespace userinfo
