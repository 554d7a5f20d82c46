#include "keys/key_changes.h"

#include <algorithm>
#include <utility>

#include "keys/key_material.h"
#include "keys/key_rules.h"

namespace userinfo {

namespace {

const stored_key* find_active(const std::vector<stored_key>& keys, key_purpose purpose) {
    const auto found = std::ranges::find_if(
        keys, [&](const stored_key& key) { return key.purpose == purpose && key.state == key_state::active; });
    return found == keys.end() ? nullptr : &*found;
}

// The servers could never unseal a key that was sealed with a master key they do not have.
result<void> check_masters(const std::vector<stored_key>& keys, key_purpose purpose, const master_keys& masters) {
    const auto* active = find_active(keys, purpose);
    if (active == nullptr) return std::unexpected(no_keys_yet());
    const auto opened = open_key(*active, masters);
    if (!opened) return std::unexpected(opened.error());
    return {};
}

std::unexpected<error> internal_stays() {
    return failure(errc::invalid_argument,
                   "the internal key is never rotated or revoked: it signs no token, and without it what the database "
                   "holds under it cannot be checked");
}

std::optional<stored_key> find_key(const std::vector<stored_key>& keys, const std::string& kid) {
    const auto found = std::ranges::find(keys, kid, &stored_key::kid);
    if (found == keys.end()) return std::nullopt;
    return *found;
}

// Beyond the rule of every key: what an operator may not revoke.
result<void> check_operator_may_revoke(const std::optional<stored_key>& key, const std::string& kid) {
    const auto allowed = check_may_be_revoked(key, kid);
    if (allowed && key->purpose == key_purpose::internal) return internal_stays();
    return allowed;
}

}  // namespace

std::string_view to_string(key_purpose purpose) {
    switch (purpose) {
        case key_purpose::access: return "access";
        case key_purpose::refresh: return "refresh";
        case key_purpose::internal: return "internal";
    }
    std::unreachable();
}

std::string_view to_string(key_state state) {
    switch (state) {
        case key_state::next: return "next";
        case key_state::active: return "active";
        case key_state::retiring: return "retiring";
        case key_state::gone: return "gone";
    }
    std::unreachable();
}

key_changes::key_changes(key_store& store, const clock& clock, std::string actor)
    : store_(store), clock_(clock), actor_(std::move(actor)) {}

task<result<std::vector<std::string>>> key_changes::rotate(const std::vector<key_purpose>& purposes,
                                                           std::chrono::milliseconds lead, const master_keys& masters) {
    const auto keys = co_await store_.list_live();
    if (!keys) co_return std::unexpected(keys.error());
    const auto now = step();
    std::vector<stored_key> made;
    std::vector<std::string> kids;
    for (const auto purpose : purposes) {
        if (purpose == key_purpose::internal) co_return internal_stays();
        const auto right = check_masters(*keys, purpose, masters);
        if (!right) co_return std::unexpected(right.error());
        made.push_back(make_key(purpose, key_state::next, masters.first(), now.at, now.at + lead));
        kids.push_back(made.back().kid);
    }
    const auto added = co_await store_.add(made, now);
    if (!added && added.error().code == errc::already_exists) {
        co_return failure(errc::already_exists,
                          "a next key waits already: userinfo keys list shows from when it signs");
    }
    if (!added) co_return std::unexpected(added.error());
    co_return kids;
}

task<result<revoked_key>> key_changes::revoke(const std::string& kid, const master_keys& masters) {
    const auto keys = co_await store_.list();
    if (!keys) co_return std::unexpected(keys.error());
    const auto key = find_key(*keys, kid);
    const auto allowed = check_operator_may_revoke(key, kid);
    if (!allowed) co_return std::unexpected(allowed.error());
    const auto right = check_masters(*keys, key->purpose, masters);
    if (!right) co_return std::unexpected(right.error());
    const auto now = step();
    const auto successor = make_key(key->purpose, key_state::active, masters.first(), now.at, now.at);
    const auto replaced = co_await store_.revoke(kid, successor, now);
    if (!replaced) co_return std::unexpected(replaced.error());
    co_return revoked_key{.purpose = key->purpose,
                          .successor = *replaced ? std::optional(successor.kid) : std::nullopt};
}

task<result<std::size_t>> key_changes::rewrap(const master_keys& masters) {
    const auto keys = co_await store_.list_live();
    if (!keys) co_return std::unexpected(keys.error());
    std::vector<resealed_key> resealed;
    for (const auto& key : *keys) {
        auto sealed = reseal(key, masters, masters.first());
        if (!sealed) co_return std::unexpected(sealed.error());
        resealed.push_back({.kid = key.kid, .before = key.sealed, .after = std::move(*sealed)});
    }
    const auto replaced = co_await store_.reseal(resealed, masters.first().id(), step());
    if (!replaced && replaced.error().code == errc::version_mismatch) {
        co_return failure(errc::version_mismatch, "the keys changed meanwhile: run it again");
    }
    if (!replaced) co_return std::unexpected(replaced.error());
    co_return resealed.size();
}

}  // namespace userinfo
