// Refresh tokens and base64url: one spelling for each token, and nothing genuine but what we made.
#include "tokens/refresh_token.h"

#include <string>

#include <sodium.h>

#include "base/base64.h"
#include "fuzz/input.h"

namespace userinfo {
namespace {

using fuzz::require;

constexpr std::array<std::uint8_t, 16> nonce{1, 2, 3};
constexpr timestamp now{};
const uuid session(uuid::byte_array{7, 8, 9});

const refresh_tokens& tokens() {
    static refresh_tokens made;
    [[maybe_unused]] static const bool once =
        (made.replace_keys({refresh_key{.secret = {4, 5, 6}, .signs = true}}), true);
    return made;
}

void check_text(std::string_view text) {
    const auto parsed = parse_refresh_token(text);
    if (!parsed) return;
    const auto ours = tokens().issue(parsed->session, parsed->generation, nonce);
    const auto ours_parsed = parse_refresh_token(ours);
    require(ours_parsed && ours_parsed->session == parsed->session && ours_parsed->generation == parsed->generation,
            "a token of ours is read back");
    require(tokens().is_genuine(*parsed, nonce, now) == (ours == text), "what is genuine is ours, letter for letter");
    auto other = nonce;
    other[15] ^= 1;
    require(!tokens().is_genuine(*parsed, other, now), "a token belongs to one session's secret");
}

void check_edited(fuzz::input input) {
    const auto genuine = tokens().issue(session, input.up_to(1000), nonce);
    const auto text = fuzz::edited(genuine, input);
    const auto parsed = parse_refresh_token(text);
    require((parsed && tokens().is_genuine(*parsed, nonce, now)) == (text == genuine),
            "a changed token is not genuine");
}

void check_base64url(std::string_view text) {
    if (const auto bytes = from_base64url(text)) require(to_base64url(*bytes) == text, "bytes have one spelling");
    require(from_base64url(to_base64url(text)) == std::string(text), "what was encoded is decoded");
}

void check(fuzz::input input) {
    switch (input.byte() % 3) {
        case 0: return check_text(input.rest());
        case 1: return check_edited(input);
        case 2: return check_base64url(input.rest());
    }
}

}  // namespace
}  // namespace userinfo

extern "C" int LLVMFuzzerInitialize(int*, char***) { return sodium_init() < 0 ? 1 : 0; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::check({data, size});
    return 0;
}
