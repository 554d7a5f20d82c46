#include "keys/key_material.h"

#include <algorithm>
#include <stdexcept>

#include <sodium.h>

#include "base/json_writer.h"
#include "base/uuid.h"
#include "base/wipe.h"

namespace userinfo {

namespace {

// The context that a sealed key is bound to. A key that was moved to another row does not unseal.
std::string sealing_context(const std::string& kid, key_purpose purpose) {
    return "userinfo key " + std::to_string(static_cast<int>(purpose)) + ' ' + kid;
}

std::string public_jwk(const es256_key& key) {
    std::string text;
    json_writer(text)
        .begin_object()
        .member("kty", "EC")
        .member("crv", "P-256")
        .member("x", key.x())
        .member("y", key.y())
        .end_object();
    return text;
}

result<std::string> unseal(const stored_key& key, const master_keys& masters) {
    auto secret = masters.unseal(key.sealed, sealing_context(key.kid, key.purpose));
    if (secret) return std::move(*secret);
    return failure(errc::internal, "the key " + key.kid + " was sealed with the master key " + key.sealing_key_id +
                                       ", not with the one given (" + masters.ids() + ")");
}

std::unexpected<error> damaged(const stored_key& key) {
    return failure(errc::internal, "the key " + key.kid + " is damaged");
}

result<key_material> to_material(const stored_key& key, const std::string& secret) {
    if (key.purpose == key_purpose::access) {
        try {
            return es256_key::from_private_der(secret);
        } catch (const std::runtime_error&) {
            return damaged(key);
        }
    }
    symmetric_key symmetric;
    if (secret.size() != symmetric.bytes.size()) return damaged(key);
    std::ranges::copy(secret, symmetric.bytes.begin());
    return symmetric;
}

}  // namespace

symmetric_key::~symmetric_key() { wipe(bytes.data(), bytes.size()); }

stored_key make_key(key_purpose purpose, key_state state, const master_key& master, timestamp now,
                    timestamp not_before) {
    stored_key stored{.kid = {},
                      .purpose = purpose,
                      .state = state,
                      .public_jwk = {},
                      .sealed = {},
                      .sealing_key_id = master.id(),
                      .not_before = not_before,
                      .sign_until = {},
                      .verify_until = {},
                      .created_at = now};
    std::string secret;
    if (purpose == key_purpose::access) {
        const auto key = es256_key::generate();
        stored.kid = key.thumbprint();
        stored.public_jwk = public_jwk(key);
        secret = key.private_der();
    } else {
        stored.kid = uuid::random().to_string();
        secret.resize(sizeof(symmetric_key::bytes));
        randombytes_buf(secret.data(), secret.size());
    }
    stored.sealed = master.seal(secret, sealing_context(stored.kid, purpose));
    wipe(secret);
    return stored;
}

result<key_material> open_key(const stored_key& key, const master_keys& masters) {
    auto secret = unseal(key, masters);
    if (!secret) return std::unexpected(secret.error());
    auto material = to_material(key, *secret);
    wipe(*secret);
    return material;
}

result<std::string> reseal(const stored_key& key, const master_keys& masters, const master_key& by) {
    auto secret = unseal(key, masters);
    if (!secret) return secret;
    auto sealed = by.seal(*secret, sealing_context(key.kid, key.purpose));
    wipe(*secret);
    return sealed;
}

}  // namespace userinfo
