// Password hashes as PHC strings (Argon2id, RFC 9106) made and checked by libsodium. Blocking: 15 ms of a core each
// with the default parameters. `passwords` runs it where that hurts nobody.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace userinfo {

struct argon2_parameters {
    std::size_t memory_kib = 19 * 1024;  // OWASP's recommendation: 19 MiB,
    unsigned iterations = 2;             // 2 passes, one lane
};

// Thread-safe.
class password_hasher {
public:
    explicit password_hasher(argon2_parameters parameters) : parameters_(parameters) {}

    // Throws std::bad_alloc if the memory is not to be had.
    std::string hash(std::string_view password) const;

    // Whether `password` is that of `phc`. False for a scheme that is not known, and for a hash that would take more
    // than 16 times the memory or the work (memory times passes) of today's parameters: a damaged or planted row must
    // not exhaust the machine. Takes as long for a hash of weaker parameters as for one of today's, so that the time
    // does not tell them apart. Throws std::bad_alloc if the memory is not to be had.
    bool verify(std::string_view password, const std::string& phc) const;

    // Whether `phc` took another amount of work to make than with today's parameters: memory times passes.
    bool is_outdated(const std::string& phc) const;

private:
    const argon2_parameters parameters_;
};

}  // namespace userinfo
