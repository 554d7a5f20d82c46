#include "keys/key_ring.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "base/log.h"
#include "base/timer.h"
#include "keys/key_rules.h"

namespace userinfo {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds poll_interval = 1s;
// Clocks differ, and other programs sign with the old key until they notice the new one.
constexpr std::chrono::seconds verify_margin = 60s;

const std::string own_name = "userinfo";

bool has_active(const std::vector<stored_key>& live, key_purpose purpose) {
    return std::ranges::any_of(
        live, [&](const stored_key& key) { return key.purpose == purpose && key.state == key_state::active; });
}

// Null if the key is gone. A store never deletes a row, so a key that is no longer live was destroyed or revoked.
const stored_key* find_live(const std::vector<stored_key>& live, const std::string& kid) {
    const auto found = std::ranges::find(live, kid, &stored_key::kid);
    return found == live.end() ? nullptr : &*found;
}

}  // namespace

key_ring::key_ring(key_store& store, master_keys masters, master_key_reader read_masters, const clock& clock,
                   key_lifetimes lifetimes, access_keys& access, refresh_tokens& refresh, internal_key& internal)
    : store_(store),
      masters_(std::move(masters)),
      read_masters_(std::move(read_masters)),
      clock_(clock),
      lifetimes_(lifetimes),
      access_(access),
      refresh_(refresh),
      internal_(internal) {}

task<result<void>> key_ring::load() {
    const auto live = co_await store_.list_live();
    if (!live) co_return std::unexpected(live.error());
    for (const auto purpose : {key_purpose::access, key_purpose::refresh, key_purpose::internal}) {
        if (has_active(*live, purpose)) continue;
        const auto made = co_await make_first(purpose);
        if (!made) co_return made;
    }
    co_return co_await step();
}

task<result<void>> key_ring::make_first(key_purpose purpose) {
    const auto now = clock_.now();
    const std::vector<stored_key> keys{make_key(purpose, key_state::active, masters_.first(), now, now)};
    const key_step step{.actor = own_name, .at = now};
    auto added = co_await store_.add(keys, step);
    // Another program started at the same moment, and its key is just as good.
    if (!added && added.error().code == errc::already_exists) co_return result<void>();
    if (added) log_info("made a key", {{"kid", keys.front().kid}});
    co_return added;
}

task<void> key_ring::follow() {
    for (;;) {
        co_await sleep_until(std::chrono::steady_clock::now() + poll_interval);
        report(co_await step());
    }
}

void key_ring::report(const result<void>& stepped) {
    auto trouble = stepped ? std::string() : stepped.error().message;
    if (trouble == trouble_) return;
    trouble_ = std::move(trouble);
    if (stepped)
        log_info("the keys can be followed again");
    else
        log_error("cannot follow the keys", {{"error", trouble_}});
}

task<result<void>> key_ring::step() {
    auto live = co_await store_.list_live();
    if (!live) co_return std::unexpected(live.error());
    // Apply other programs' changes first, so that a revocation does not wait for a write.
    auto taken = co_await take_over(*live);
    const auto advanced = co_await advance(*live);
    if (!advanced) co_return std::unexpected(advanced.error());
    if (!*advanced) co_return taken;
    live = co_await store_.list_live();
    if (!live) co_return std::unexpected(live.error());
    co_return co_await take_over(*live);
}

// Returns whether the store's keys may have changed.
task<result<bool>> key_ring::advance(const std::vector<stored_key>& live) {
    const auto now = clock_.now();
    bool changed = false;
    for (const auto& key : live) {
        // A program that cannot unseal a key must not activate it.
        const bool starts = is_due_to_sign(key, now) && opened_.contains(key.kid);
        if (!starts && !is_due_to_end(key, now)) continue;
        const auto advanced = co_await advance_one(key);
        if (!advanced) co_return advanced;
        changed = true;  // by this program or by another one
    }
    co_return changed;
}

task<result<bool>> key_ring::advance_one(const stored_key& key) {
    const key_step step{.actor = own_name, .at = clock_.now()};
    if (key.state == key_state::retiring) {
        const auto destroyed = co_await store_.destroy(key.kid, step);
        if (destroyed && *destroyed) log_info("a key is gone", {{"kid", key.kid}});
        co_return destroyed;
    }
    const auto life = key.purpose == key_purpose::access ? lifetimes_.access : lifetimes_.refresh;
    const auto activated = co_await store_.activate(key.kid, step.at + life + verify_margin, step);
    if (activated && *activated) log_info("a key is active", {{"kid", key.kid}});
    co_return activated;
}

// Uses the live keys first and then reads the former ones, so that a revocation does not wait for a second query.
task<result<void>> key_ring::take_over(const std::vector<stored_key>& live) {
    const auto used = use(live);
    const auto learned = co_await learn_former(live);
    co_return used ? learned : used;
}

result<void> key_ring::use(const std::vector<stored_key>& live) {
    if (live == used_) return {};
    auto opened = open(live);
    choose_signers(live);
    drop_gone(live);
    publish(live);
    if (opened) opened = check_signers(live);
    if (opened)
        used_ = live;
    else
        used_.reset();  // the next step tries again
    return opened;
}

// Unseals new keys. Returns the first error.
result<void> key_ring::open(const std::vector<stored_key>& live) {
    result<void> outcome;
    bool read_again = false;
    for (const auto& key : live) {
        if (opened_.contains(key.kid)) continue;
        auto material = open_key(key, masters_);
        if (!material && !std::exchange(read_again, true)) {
            read_masters_again();
            material = open_key(key, masters_);
        }
        if (material)
            opened_.emplace(key.kid, opened_key{.purpose = key.purpose, .material = std::move(*material)});
        else if (outcome)
            outcome = std::unexpected(material.error());
    }
    return outcome;
}

// Reads a few bytes from a file, although this thread must not block. That happens only after an operator has replaced
// the master key.
void key_ring::read_masters_again() {
    try {
        masters_ = read_masters_();
    } catch (const std::runtime_error& why) {
        log_error("cannot read the master keys", {{"error", why.what()}});
    }
}

// The last signer stays until a new active key opens, even if it is gone, because the service cannot run without a
// signing key. What a gone key signs does not verify, see `publish`.
void key_ring::choose_signers(const std::vector<stored_key>& live) {
    for (const auto& key : live) {
        if (key.state == key_state::active && opened_.contains(key.kid))
            signers_.insert_or_assign(key.purpose, key.kid);
    }
}

bool key_ring::signs(const std::string& kid) const {
    return std::ranges::any_of(signers_, [&](const auto& signer) { return signer.second == kid; });
}

result<void> key_ring::check_signers(const std::vector<stored_key>& live) const {
    for (const auto& [purpose, kid] : signers_) {
        if (find_live(live, kid) == nullptr)
            return failure(errc::internal, "the key " + kid + " is gone without a successor");
    }
    return {};
}

void key_ring::drop_gone(const std::vector<stored_key>& live) {
    for (auto key = opened_.begin(); key != opened_.end();) {
        const auto& [kid, opened] = *key;
        const bool gone = find_live(live, kid) == nullptr;
        if (gone && opened.purpose == key_purpose::access) former_.insert(kid);
        key = gone && !signs(kid) ? opened_.erase(key) : std::next(key);
    }
}

// Other programs may have signed with a key that came and went while this one could not read the store. Every key that
// signed has changed the live keys, so reading all keys can wait until those change.
task<result<void>> key_ring::learn_former(const std::vector<stored_key>& live) {
    if (live == learned_) co_return result<void>();
    const auto keys = co_await store_.list();
    if (!keys) co_return std::unexpected(keys.error());
    for (const auto& key : *keys) {
        if (key.purpose == key_purpose::access && key.state == key_state::gone) former_.insert(key.kid);
    }
    learned_ = live;
    publish(live);
    co_return result<void>();
}

void key_ring::publish(const std::vector<stored_key>& live) {
    std::vector<access_key> access;
    std::vector<refresh_key> refresh;
    for (const auto& [kid, opened] : opened_) {
        const auto* stored = find_live(live, kid);
        const auto verify_until = stored == nullptr ? timestamp::min() : stored->verify_until;
        if (opened.purpose == key_purpose::access) {
            access.push_back({.kid = kid,
                              .key = std::get<es256_key>(opened.material),
                              .signs = signs(kid),
                              .verify_until = verify_until});
        } else if (opened.purpose == key_purpose::refresh) {
            refresh.push_back({.secret = std::get<symmetric_key>(opened.material).bytes,
                               .signs = signs(kid),
                               .verify_until = verify_until});
        } else {
            internal_.set(std::get<symmetric_key>(opened.material).bytes);
        }
    }
    const std::vector<std::string> former(former_.begin(), former_.end());
    access_.replace(std::make_shared<const access_key_set>(std::move(access), former));
    refresh_.replace_keys(std::move(refresh));
}

}  // namespace userinfo
