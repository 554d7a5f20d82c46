#include "password/password_hasher.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <new>
#include <optional>

#include <fmt/format.h>
#include <sodium.h>

namespace userinfo {

namespace {

constexpr std::string_view argon2id = "$argon2id$v=19$";
constexpr std::uint64_t most_times_dearer = 16;

// The cost of a hash. Both figures have at most 32 bits (RFC 9106 section 3.1), so their product fits.
struct cost {
    std::uint64_t memory_kib, iterations;

    std::uint64_t work() const { return memory_kib * iterations; }
    bool operator==(const cost&) const = default;
};

// Removes `name`, a number and `end` from the start of `text`. Returns nothing if they are not there.
std::optional<std::uint64_t> take_number(std::string_view& text, std::string_view name, char end) {
    if (!text.starts_with(name)) return std::nullopt;
    text.remove_prefix(name.size());
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr == text.data() + text.size() || *read.ptr != end) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()) + 1);
    return number;
}

bool is_printable_ascii(char c) { return c > ' ' && c < 0x7f; }

// Returns nothing if `phc` is not an Argon2id hash. (libsodium 1.0.18 accepts some bytes above 0x7f as base64.)
std::optional<cost> cost_of(std::string_view phc) {
    if (!phc.starts_with(argon2id) || !std::ranges::all_of(phc, is_printable_ascii)) return std::nullopt;
    phc.remove_prefix(argon2id.size());
    const auto memory_kib = take_number(phc, "m=", ',');
    const auto iterations = take_number(phc, "t=", ',');
    if (!memory_kib || !iterations) return std::nullopt;
    return cost{.memory_kib = *memory_kib, .iterations = *iterations};
}

cost cost_of(const argon2_parameters& parameters) {
    return {.memory_kib = parameters.memory_kib, .iterations = parameters.iterations};
}

// Takes as long as hashing with that much work.
void work_for_nothing(std::uint64_t work, std::uint64_t most_memory_kib) {
    constexpr std::uint64_t least_memory_kib = crypto_pwhash_MEMLIMIT_MIN / 1024;
    constexpr std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{};
    std::array<unsigned char, 16> unused;
    const auto passes = (work + most_memory_kib - 1) / most_memory_kib;
    const auto memory_kib = std::max(work / passes, least_memory_kib);
    const int status = crypto_pwhash(unused.data(), unused.size(), "", 0, salt.data(), passes, memory_kib * 1024,
                                     crypto_pwhash_ALG_ARGON2ID13);
    if (status != 0) throw std::bad_alloc();
}

}  // namespace

std::string password_hasher::hash(std::string_view password) const {
    std::array<char, crypto_pwhash_STRBYTES> phc;
    const int status = crypto_pwhash_str_alg(phc.data(), password.data(), password.size(), parameters_.iterations,
                                             parameters_.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13);
    if (status != 0) throw std::bad_alloc();
    return phc.data();
}

bool password_hasher::knows(const std::string& phc) const {
    const auto asked = cost_of(phc);
    const auto today = cost_of(parameters_);
    return asked && asked->memory_kib <= most_times_dearer * today.memory_kib &&
           asked->work() <= most_times_dearer * today.work() &&
           // It reads all of the string, and fails only if it cannot.
           crypto_pwhash_str_needs_rehash(phc.c_str(), parameters_.iterations, parameters_.memory_kib * 1024) >= 0;
}

bool password_hasher::verify(std::string_view password, const std::string& phc) const {
    const auto today = cost_of(parameters_);
    if (!knows(phc)) {
        work_for_nothing(today.work(), today.memory_kib);
        return false;
    }
    errno = 0;
    const int status = crypto_pwhash_str_verify(phc.c_str(), password.data(), password.size());
    // EINVAL means a wrong password.
    if (status != 0 && errno == ENOMEM) throw std::bad_alloc();
    const auto done = cost_of(phc)->work();
    if (done < today.work()) work_for_nothing(today.work() - done, today.memory_kib);
    return status == 0;
}

bool password_hasher::is_outdated(const std::string& phc) const {
    const auto asked = cost_of(phc);
    return !asked || asked->work() != cost_of(parameters_).work();
}

std::optional<std::string> password_hasher::sample_of(std::string_view beginning) const {
    const auto cost = cost_of(beginning);
    if (!cost || *cost == cost_of(parameters_)) return std::nullopt;
    // 16 and 32 bytes of zeros in base64.
    auto sample = fmt::format("{}m={},t={},p=1${:A<22}${:A<43}", argon2id, cost->memory_kib, cost->iterations, "", "");
    if (!knows(sample)) return std::nullopt;
    return sample;
}

}  // namespace userinfo
