// Issues and verifies access tokens: JSON Web Tokens with the profile of RFC 9068, signed with ES256, checked as RFC
// 8725 recommends.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/now_and_then.h"
#include "base/uuid.h"
#include "tokens/access_keys.h"
#include "tokens/signature_cache.h"

namespace userinfo {

// The clocks of two services may differ by this much.
inline constexpr std::chrono::seconds largest_skew{30};

enum class token_error {
    malformed = 1,  // not one of our tokens: wrong size, form or header
    bad_signature,
    not_for_us,  // genuine, but with another issuer or audience, as after a change of the settings: get a new token
    expired,  // too old, signed by a removed key, or issued in the future because a clock was set back: get a new token
};

struct access_token_settings {
    std::string issuer;    // `iss`: the public URL
    std::string audience;  // `aud`
};

// Thread-safe.
class access_tokens {
public:
    // `keys` and `clock` must outlive it.
    access_tokens(access_token_settings settings, const access_keys& keys, const clock& clock);

    std::string issue(const access_claims& claims) const;

    // Issues a token for another service, which tells it who is calling. It leaves out `claims.generation`, and it is
    // marked: both functions below reject it, whatever our own audience is called now or later.
    std::string issue_for_back_end(const access_claims& claims, std::string_view audience) const;

    // Returns the claims of a token that is genuine and has not expired. Warns, once a minute at most, of a genuine one
    // from the future: a clock is wrong.
    std::expected<access_claims_ptr, token_error> verify(std::string_view token);

    // The same for a token of any age, issuer and audience, as long as its key exists. Use it only to end a session,
    // never to read or change data.
    std::expected<access_claims_ptr, token_error> verify_signature(std::string_view token);

private:
    std::string sign(std::string_view payload) const;
    void warn_of_future_token(std::chrono::sys_seconds issued_at, timestamp now);
    std::expected<access_claims_ptr, token_error> verify_uncached(std::string_view token, const access_key& key) const;

    const access_token_settings settings_;
    const access_keys& keys_;
    const clock& clock_;
    signature_cache verified_;
    now_and_then future_tokens_{std::chrono::minutes(1)};  // lets a line into the log
};

}  // namespace userinfo
