// Stored password hashes, as a damaged or planted row could have them: none but the genuine one verifies, and none
// makes the program work or allocate without bound (the run's own limits of time and memory watch that).
#include <string>

#include <sodium.h>

#include "fuzz/input.h"
#include "password/password_hasher.h"

namespace userinfo {
namespace {

using fuzz::require;

constexpr std::string_view password = "a long phrase";

const password_hasher& hasher() {
    static const password_hasher made({.memory_kib = 8, .iterations = 1});
    return made;
}

void check_text(const std::string& phc) {
    // Only who knows the genuine hash's password could make one.
    require(!hasher().verify(password, phc), "a hash that nobody made verifies nothing");
    static_cast<void>(hasher().is_outdated(phc));
}

void check_edited(fuzz::input edits) {
    static const std::string genuine = hasher().hash(password);
    const auto phc = fuzz::edited(genuine, edits);
    require(hasher().verify(password, phc) == (phc == genuine), "a changed hash verifies nothing");
    require(!hasher().is_outdated(genuine), "today's hash is not outdated");
}

void check(fuzz::input input) {
    if (input.byte() % 2 == 0) return check_text(std::string(input.rest()));
    check_edited(input);
}

}  // namespace
}  // namespace userinfo

extern "C" int LLVMFuzzerInitialize(int*, char***) { return sodium_init() < 0 ? 1 : 0; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::check({data, size});
    return 0;
}
