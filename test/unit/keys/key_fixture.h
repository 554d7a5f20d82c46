// Programs that share the keys of one database: each with a ring of its own.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "keys/key_changes.h"
#include "support/service_fixture.h"

namespace userinfo::test {

inline constexpr std::chrono::minutes lead_time{2};  // a token outlives it

// A key store that a test can cut off.
class severed_key_store final : public key_store {
public:
    explicit severed_key_store(key_store& next) : next_(next) {}

    bool reads = true;
    bool reads_all = true;
    bool writes = true;
    int times_all_read = 0;

    task<result<std::vector<stored_key>>> list() override {
        ++times_all_read;
        if (!reads || !reads_all) co_return unavailable("The database does not answer.", std::chrono::seconds(1));
        co_return co_await next_.list();
    }
    task<result<std::vector<stored_key>>> list_live() override {
        if (!reads) co_return unavailable("The database does not answer.", std::chrono::seconds(1));
        co_return co_await next_.list_live();
    }
    task<result<void>> add(const std::vector<stored_key>& keys, const key_step& step) override {
        return next_.add(keys, step);
    }
    task<result<bool>> activate(const std::string& kid, timestamp verify_until, const key_step& step) override {
        if (!writes) co_return unavailable("The database cannot be written.", std::chrono::seconds(1));
        co_return co_await next_.activate(kid, verify_until, step);
    }
    task<result<bool>> destroy(const std::string& kid, const key_step& step) override {
        return next_.destroy(kid, step);
    }
    task<result<bool>> revoke(const std::string& kid, const stored_key& successor, const key_step& step) override {
        return next_.revoke(kid, successor, step);
    }
    task<result<void>> reseal(const std::vector<resealed_key>& keys, const std::string& sealing_key_id,
                              const key_step& step) override {
        return next_.reseal(keys, sealing_key_id, step);
    }

private:
    key_store& next_;
};

// A program that serves with the keys. `file` is what its master key file holds: what the ring finds when it asks.
struct key_program {
    key_program(key_store& keys, const master_keys& masters, const clock& clock)
        : store(keys),
          file(masters),
          ring(
              store, masters, [this] { return ++times_read, file; }, clock,
              {.access = std::chrono::minutes(15), .refresh = std::chrono::days(30)}, access, refresh, internal),
          tokens({.issuer = "https://id.example", .audience = "userinfo"}, access, clock),
          now(clock) {}

    key_program(const key_program&) = delete;
    key_program& operator=(const key_program&) = delete;

    bool step() { return run(ring.step()).has_value(); }

    std::string access_token() const {
        const auto issued = std::chrono::floor<std::chrono::seconds>(now.now());
        return tokens.issue({.subject = uuid::random(),
                             .session = uuid::random(),
                             .client = "web",
                             .amr = {"pwd"},
                             .issued_at = issued,
                             .expires_at = issued + std::chrono::minutes(15),
                             .auth_time = issued,
                             .token_id = uuid::random()});
    }
    bool accepts(const std::string& access_token) { return tokens.verify(access_token).has_value(); }

    std::string refresh_token() const { return refresh.issue(session, 1, nonce); }
    bool accepts_refresh(const std::string& text) const {
        return refresh.is_genuine(*parse_refresh_token(text), nonce, now.now());
    }

    std::string signing_kid() const { return access.current()->signing_key().kid; }
    bool publishes(const std::string& kid) const { return access.current()->jwks().contains(kid); }

    static inline const uuid session = uuid::random();
    static inline const uuid::byte_array nonce = uuid::random().bytes();

    severed_key_store store;
    master_keys file;
    int times_read = 0;
    access_keys access;
    refresh_tokens refresh;
    internal_key internal;
    key_ring ring;
    access_tokens tokens;
    const clock& now;
};

// A database with keys, a program on it, and an operator.
class key_fixture : public testing::Test {
protected:
    key_fixture() {
        const auto loaded = run(program_.ring.load());
        EXPECT_TRUE(loaded) << loaded.error().message;
    }

    std::vector<stored_key> list() { return run(store_.list()).value(); }

    stored_key find(const std::string& kid) {
        const auto keys = list();
        return *std::ranges::find(keys, kid, &stored_key::kid);
    }

    // The kid of the only key of that purpose in that state; empty: there is none.
    std::string kid_of(key_purpose purpose, key_state state) {
        std::string kid;
        for (const auto& key : list()) {
            if (key.purpose != purpose || key.state != state) continue;
            EXPECT_EQ(kid, "");
            kid = key.kid;
        }
        return kid;
    }

    // Returns the new key's kid.
    std::string rotate(key_purpose purpose) {
        return run(operator_.rotate({purpose}, lead_time, masters_)).value().front();
    }
    bool revoke(const std::string& kid) { return run(operator_.revoke(kid, masters_)).has_value(); }

    std::vector<audit_record> audits(audit_type type) const { return parts_.audits(type); }

    service_fixture parts_;
    manual_clock& clock_ = parts_.clock;
    key_store& store_ = parts_.store.keys;
    const master_keys masters_{parts_.master};
    key_program program_{store_, masters_, clock_};
    key_changes operator_{store_, clock_, "cli:1000"};
};

}  // namespace userinfo::test
