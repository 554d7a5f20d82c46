#include "programs/application.h"

#include <array>
#include <stdexcept>

#include "base/log.h"
#include "base/spawn.h"
#include "programs/account_settings.h"
#include "programs/master_key_file.h"
#include "programs/run_task.h"

namespace userinfo::programs {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

session_settings session_settings_of(const settings& settings) {
    return {.limits = {.idle = duration_cast<seconds>(settings.sessions.idle),
                       .absolute = duration_cast<seconds>(settings.sessions.absolute),
                       .per_account = settings.sessions.per_account},
            .access_lifetime = duration_cast<seconds>(settings.tokens.access_lifetime)};
}

key_lifetimes key_lifetimes_of(const settings& settings) {
    return {.access = duration_cast<seconds>(settings.tokens.access_lifetime),
            .refresh = duration_cast<seconds>(settings.sessions.absolute)};
}

password_settings password_settings_of(const settings& settings) {
    return {
        .argon2 = argon2_of(settings), .threads = settings.passwords.threads, .queue_limit = settings.passwords.queue};
}

void require(const result<void>& outcome, const std::string& what) {
    if (!outcome) throw std::runtime_error(what + ": " + outcome.error().message);
}

// If keys are stored, only the master key that sealed them can unseal them, so a new one is not created.
master_keys first_master_keys(const settings& settings, key_store& store, asio::io_context& home) {
    const auto keys = run_task(home, store.list());
    if (!keys) throw std::runtime_error("keys: " + keys.error().message);
    if (!keys->empty()) return load_master_keys(settings, missing_key::refuse);
    return load_master_keys(settings, at_first_start(settings));
}

}  // namespace

application::application(const settings& settings, const std::string& public_url, const clock& clock, metrics& metrics,
                         net::io_threads& threads)
    : settings_(settings),
      clock_(clock),
      metrics_(metrics),
      home_(threads[0]),
      database_(settings, clock, metrics),
      stores_(database_.primary(), database_.replicas(), clock),
      caches_(settings, clock, coarse_clock_, internal_key_, threads.contexts(), metrics),
      access_tokens_({.issuer = public_url, .audience = settings.tokens.audience}, access_keys_, clock),
      key_ring_(
          stores_.keys, first_master_keys(settings, stores_.keys, home_),
          [&settings] { return load_master_keys(settings, missing_key::refuse); }, clock, key_lifetimes_of(settings),
          access_keys_, refresh_tokens_, internal_key_),
      revocations_(stores_.sessions, caches_.sessions(), clock,
                   duration_cast<seconds>(settings.tokens.access_lifetime)),
      audit_chain_(internal_key_),
      audit_alarm_(metrics),
      audit_linker_(stores_.audit, audit_chain_, audit_alarm_),
      audit_retention_({.keep = settings.audit.keep, .keep_addresses = settings.audit.keep_addresses}, stores_.audit,
                       audit_chain_, audit_alarm_, clock),
      housekeeping_(stores_.sessions, stores_.devices, stores_.throttle, audit_retention_, clock),
      attempts_(settings.attempts.failures, caches_.source_limits(), stores_.throttle, internal_key_, clock, metrics),
      usage_limits_(caches_.usage_limits(), metrics),
      passwords_(password_settings_of(settings), metrics),
      stored_hashes_(stores_.accounts, passwords_),
      sessions_(session_settings_of(settings), stores_.sessions, revocations_, access_tokens_, refresh_tokens_, clock),
      device_seal_(internal_key_),
      accounts_(account_settings_of(settings), stores_.accounts, attempts_, passwords_, sessions_, device_seal_,
                revocations_, clock),
      devices_(stores_.devices, device_seal_, clock),
      session_check_(access_tokens_, revocations_, caches_.sessions(), stores_.sessions, clock,
                     settings.sessions.on_primary_loss),
      profiles_(stores_.profiles, caches_.profiles(), clock, metrics),
      service_({.recent_log_in = duration_cast<seconds>(settings.sessions.recent_log_in)}, accounts_, attempts_,
               usage_limits_, sessions_, devices_, session_check_, profiles_, caches_.accounts(), access_keys_, clock) {
}

std::span<const application::background_loop> application::background_loops() {
    static constexpr std::array table{
        background_loop{"key ring", [](application& whole) { return whole.key_ring_.follow(); }},
        background_loop{"revocations", [](application& whole) { return whole.revocations_.follow(); }},
        background_loop{"unsure writes", [](application& whole) { return whole.profiles_.retry_unsure_writes(); }},
        background_loop{"audit linker", [](application& whole) { return whole.audit_linker_.run(); }},
        background_loop{"housekeeping", [](application& whole) { return whole.housekeeping_.run(); }},
        background_loop{"stored hashes", [](application& whole) { return whole.stored_hashes_.follow(); }},
    };
    return table;
}

void application::start() {
    caches_.start(home_);
    require(run_task(home_, key_ring_.load()), "keys");
    require(run_task(home_, revocations_.load()), "revoked sessions");
    require(run_task(home_, stored_hashes_.look()), "stored passwords");
    if (settings_.compatibility.reference) announce_relaxed_mode();
    const auto home = home_.get_executor();
    for (const auto& loop : background_loops()) spawn(home, loop.name, loop.run(*this));
}

void application::finish() {
    const auto linked = run_task(home_, audit_linker_.link_pending());
    if (!linked) log_warning("cannot link the last audit events", {{"error", linked.error().message}});
}

void application::announce_relaxed_mode() {
    log_warning("compatibility.reference is on: registration accepts weak passwords");
    metrics_.gauge("userinfo_relaxed_mode", "1: compatibility.reference is on, weak passwords may be registered.",
                   [] { return 1.0; });
    require(run_task(home_, stores_.accounts.record({.type = audit_type::relaxed_mode,
                                                     .at = clock_.now(),
                                                     .actor = "userinfo",
                                                     .reason = "compatibility.reference"})),
            "audit");
}

}  // namespace userinfo::programs
