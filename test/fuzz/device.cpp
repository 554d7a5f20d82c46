// What clients show of their devices: nothing is genuine but what we sealed, and that is read back as it was.
#include <string>

#include <sodium.h>

#include "base/base64.h"
#include "device/device_rules.h"
#include "device/device_seal.h"
#include "fuzz/input.h"

namespace userinfo {
namespace {

using fuzz::require;

constexpr std::string_view use = "devices of a client";
constexpr std::size_t proof_size = 40;

const internal_key& key() {
    static internal_key made;
    [[maybe_unused]] static const bool once = (made.set({1, 2, 3}), true);
    return made;
}

void check_text(std::string_view text) {
    require(device_seal(key()).unseal(text).empty(), "nobody else makes a proof");
}

void check_sealed(std::string_view bytes) {
    const device_seal seal(key());
    const auto text = to_base64url(key().seal(use, bytes));
    const auto proofs = seal.unseal(text);
    const bool has_form = bytes.starts_with('\1') && bytes.size() <= 1 + devices_per_client * proof_size &&
                          bytes.size() % proof_size == 1;
    require(proofs.size() == (has_form ? bytes.size() / proof_size : 0), "proofs are as many as were sealed");
    require(seal.unseal(seal.seal(proofs)) == proofs, "proofs are read back");
    if (proofs.empty()) return;
    const auto& last = proofs.back();
    const auto next = with_latest(proofs, last);
    require(next.size() <= proofs.size() && next.front() == last, "the latest comes first, and none is added");
    require(proof_for(next, last.account) == last, "an account has the latest one");
}

}  // namespace
}  // namespace userinfo

extern "C" int LLVMFuzzerInitialize(int*, char***) { return sodium_init() < 0 ? 1 : 0; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::fuzz::input input(data, size);
    if (input.byte() % 2 == 0)
        userinfo::check_text(input.rest());
    else
        userinfo::check_sealed(input.rest());
    return 0;
}
