// The text in which a client keeps its proofs of devices: a cookie, or a header field. It is encrypted and
// authenticated, so that nobody can make one, and its bearer learns no ids.
//
//     base64url( sealed( version (1) | for each proof: account (16) | device (16) | generation (8, big-endian) ) )
#pragma once

#include <string>
#include <string_view>

#include "device/device.h"
#include "tokens/internal_key.h"

namespace userinfo {

// Thread-safe.
class device_seal {
public:
    // `key` must outlive it.
    explicit device_seal(const internal_key& key) : key_(key) {}

    // `proofs`: at most devices_per_client.
    std::string seal(const device_proofs& proofs) const;

    // Returns no proofs if the text is empty or not one of ours.
    device_proofs unseal(std::string_view text) const;

private:
    const internal_key& key_;
};

}  // namespace userinfo
