#include "base/request_id.h"

#include <algorithm>
#include <cstddef>
#include <random>

namespace userinfo {

namespace {

constexpr std::size_t longest = 64;

bool is_allowed(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

// 15 characters fit into a string without an allocation. Ids need no secure generator, because nothing depends on their
// secrecy.
std::string random_id() {
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
    thread_local std::mt19937_64 generator{std::random_device()()};
    auto bits = generator();
    std::string id(15, '0');
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (i == 12) bits = generator();
        id[i] = digits[bits & 31];
        bits >>= 5;
    }
    return id;
}

}  // namespace

std::string usable_request_id(std::string_view given) {
    const bool usable = !given.empty() && given.size() <= longest && std::ranges::all_of(given, is_allowed);
    return usable ? std::string(given) : random_id();
}

}  // namespace userinfo
