#include "service/key_ring.h"

#include <algorithm>
#include <array>

#include <sodium.h>

#include "base/json_writer.h"
#include "base/log.h"

namespace userinfo {

namespace {

constexpr std::size_t symmetric_size = 32;
static_assert(sizeof(refresh_key) == symmetric_size && sizeof(internal_key::secret) == symmetric_size);

// What a sealed key is bound to: moved to another row, it does not open.
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

void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

std::array<std::uint8_t, symmetric_size> to_array(const std::string& secret) {
    std::array<std::uint8_t, symmetric_size> bytes;
    std::ranges::copy(secret, bytes.begin());
    return bytes;
}

bool has_active(const std::vector<stored_key>& keys, key_purpose purpose) {
    return std::ranges::any_of(
        keys, [&](const stored_key& key) { return key.purpose == purpose && key.state == key_state::active; });
}

}  // namespace

key_ring::key_ring(key_store& store, const master_key& master, const clock& clock, access_keys& access,
                   refresh_tokens& refresh, internal_key& internal)
    : store_(store), master_(master), clock_(clock), access_(access), refresh_(refresh), internal_(internal) {}

task<result<void>> key_ring::load() {
    auto keys = co_await store_.list();
    if (!keys) co_return std::unexpected(keys.error());
    for (const auto purpose : {key_purpose::access, key_purpose::refresh, key_purpose::internal}) {
        if (has_active(*keys, purpose)) continue;
        const auto made = co_await make_first(purpose);
        if (!made) co_return made;
    }
    keys = co_await store_.list();
    if (!keys) co_return std::unexpected(keys.error());
    co_return use(*keys);
}

task<result<void>> key_ring::make_first(key_purpose purpose) {
    const auto key = make(purpose);
    const audit_event event{
        .type = audit_type::key_created, .at = clock_.now(), .actor = "userinfo", .reason = key.kid};
    auto added = co_await store_.add(key, event);
    // Another program started at the same moment: its key is as good.
    if (!added && added.error().code == errc::already_exists) co_return result<void>();
    if (added) log_info("made a key", {{"kid", key.kid}});
    co_return added;
}

stored_key key_ring::make(key_purpose purpose) const {
    stored_key stored{.kid = {},
                      .purpose = purpose,
                      .state = key_state::active,
                      .public_jwk = {},
                      .sealed = {},
                      .sealing_key_id = master_.id(),
                      .not_before = clock_.now(),
                      .sign_until = {},
                      .verify_until = {}};
    std::string secret;
    if (purpose == key_purpose::access) {
        const auto key = es256_key::generate();
        stored.kid = key.thumbprint();
        stored.public_jwk = public_jwk(key);
        secret = key.private_der();
    } else {
        stored.kid = uuid::random().to_string();
        secret.resize(symmetric_size);
        randombytes_buf(secret.data(), secret.size());
    }
    stored.sealed = master_.seal(secret, sealing_context(stored.kid, purpose));
    wipe(secret);
    return stored;
}

result<void> key_ring::use(const std::vector<stored_key>& keys) {
    std::vector<access_key> access;
    std::vector<refresh_key> refresh;
    for (const auto& stored : keys) {
        auto secret = unseal(stored);
        if (!secret) return std::unexpected(secret.error());
        const bool active = stored.state == key_state::active;
        if (stored.purpose == key_purpose::access) {
            access.push_back({.kid = stored.kid,
                              .key = es256_key::from_private_der(*secret),
                              .signs = active,
                              .verify_until = stored.verify_until});
        } else if (secret->size() != symmetric_size) {
            return failure(errc::internal, "the key " + stored.kid + " is damaged");
        } else if (stored.purpose == key_purpose::refresh) {
            refresh.insert(active ? refresh.begin() : refresh.end(), to_array(*secret));
        } else {
            internal_.set(to_array(*secret));
        }
        wipe(*secret);
    }
    access_.replace(std::make_shared<const access_key_set>(std::move(access)));
    refresh_.replace_keys(std::move(refresh));
    return {};
}

result<std::string> key_ring::unseal(const stored_key& key) const {
    auto secret = master_.unseal(key.sealed, sealing_context(key.kid, key.purpose));
    if (secret) return std::move(*secret);
    return failure(errc::internal, "the key " + key.kid + " was sealed with the master key " + key.sealing_key_id +
                                       ", not with the one given (" + master_.id() + ")");
}

}  // namespace userinfo
