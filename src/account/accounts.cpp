#include "account/accounts.h"

#include <boost/asio/this_coro.hpp>

#include "account/account_rules.h"
#include "base/log.h"
#include "base/spawn.h"
#include "base/timer.h"
#include "device/device_rules.h"

namespace userinfo {

namespace {

// The account whose share of the hashing queue an attempt may use.
std::optional<uuid> known_device_of(const attempts::attempt& attempt, const std::optional<password_record>& known) {
    if (!known || !attempt.is_of_known_device()) return std::nullopt;
    return known->account;
}

}  // namespace

accounts::accounts(account_settings settings, account_store& store, attempts& attempts, passwords& passwords,
                   sessions& sessions, const device_seal& devices, revocations& revoked, const clock& clock)
    : settings_(settings),
      store_(store),
      attempts_(attempts),
      passwords_(passwords),
      sessions_(sessions),
      devices_(devices),
      revoked_(revoked),
      clock_(clock) {}

task<result<uuid>> accounts::create(const call& call, const std::string& typed_email, std::string_view typed_password,
                                    const std::string& origin, const std::string& operator_name) {
    auto identifier = parse_login_identifier(typed_email, settings_.identifiers);
    if (!identifier) co_return std::unexpected(identifier.error());
    const auto password = normalize_password(typed_password, "password");
    if (!password) co_return std::unexpected(password.error());
    const auto allowed = check_new_password(password->view(), *identifier, settings_.first_passwords, "password");
    if (!allowed) co_return std::unexpected(allowed.error());
    const auto admitted = co_await attempts_.admit(call, source_action::register_account);
    if (!admitted) co_return std::unexpected(admitted.error());
    auto hash = co_await passwords_.hash(call, password->view());
    if (!hash) co_return std::unexpected(hash.error());

    const new_account created{.id = uuid::random(),
                              .identifier = *identifier,
                              .password_hash = std::move(*hash),
                              .origin = origin,
                              .created_at = clock_.now()};
    auto event = audit_of(call, audit_type::register_account, created.created_at, created.id);
    if (!operator_name.empty()) event.actor = operator_name;
    const auto stored = co_await store_.create(created, event);
    if (stored) co_return created.id;
    if (stored.error().code == errc::already_exists) {
        const auto recorded = co_await record_taken(call, identifier->key, operator_name);
        if (!recorded) co_return std::unexpected(recorded.error());
    }
    co_return std::unexpected(stored.error());
}

// Somebody now knows that this account exists. Its owner should see when, and from where.
task<result<void>> accounts::record_taken(const call& call, const std::string& identifier_key,
                                          const std::string& operator_name) {
    const auto owner = co_await store_.find_by_identifier(identifier_key);
    if (!owner) co_return std::unexpected(owner.error());
    auto event = audit_of(call, audit_type::register_account, clock_.now());
    event.succeeded = false;
    event.reason = "taken";
    event.actor = operator_name;
    if (*owner) event.subject = (*owner)->id;
    co_return co_await store_.record(event);
}

task<result<token_grant>> accounts::log_in(const call& call, const std::string& typed_email,
                                           std::string_view typed_password, transport transport,
                                           std::string_view device) {
    const auto answer_at = std::chrono::steady_clock::now() + settings_.log_in_floor;
    const auto identifier = parse_login_identifier(typed_email, settings_.identifiers);
    if (!identifier) co_return std::unexpected(identifier.error());
    auto password = normalize_password(typed_password, "password");
    if (!password) co_return std::unexpected(password.error());
    const auto admitted = co_await attempts_.admit(call, source_action::check_password);
    if (!admitted) co_return std::unexpected(admitted.error());
    auto outcome = co_await try_log_in(call, identifier->key, std::move(*password), transport, devices_.unseal(device));
    co_await sleep_until(answer_at);
    co_return outcome;
}

task<result<token_grant>> accounts::try_log_in(const call& call, const std::string& identifier_key,
                                               secret_string password, transport transport,
                                               const device_proofs& shown) {
    const auto known = co_await store_.find_password(identifier_key, shown);
    if (!known) co_return std::unexpected(known.error());
    auto attempt = co_await attempts_.begin(identifier_key, *known ? (*known)->device : std::nullopt);
    if (!attempt) co_return std::unexpected(attempt.error());
    const auto right =
        co_await passwords_.verify(call, password.view(), *known ? (*known)->password_hash : passwords_.dummy(),
                                   known_device_of(*attempt, *known));
    if (!right) co_return std::unexpected(right.error());

    if (!*known || !*right) {
        const auto event = failed_log_in(call, *known, *known ? reason_not_right(call, **known) : "unknown_account");
        const auto counted = co_await attempt->fail(event);
        if (!counted) co_return std::unexpected(counted.error());
        co_return std::unexpected(wrong_credentials());
    }
    if ((*known)->status == account_status::suspended) {
        const auto recorded = co_await store_.record(failed_log_in(call, *known, "suspended"));
        if (!recorded) co_return std::unexpected(recorded.error());
        co_return std::unexpected(account_suspended());
    }
    auto opened = co_await open_session(call, **known, transport, shown);
    if (!opened) co_return opened;
    co_await attempt->succeed();
    if (passwords_.is_outdated((*known)->password_hash)) {
        strengthen_later(co_await asio::this_coro::executor, **known, std::move(password));
    }
    co_return opened;
}

task<result<token_grant>> accounts::open_session(const call& call, const password_record& known, transport transport,
                                                 const device_proofs& shown) {
    auto opened = co_await sessions_.open(call, sessions_.begin(call, known.account, transport), known.version,
                                          proof_for(shown, known.account));
    if (opened) {
        opened->grant.device = devices_.seal(with_latest(shown, opened->device));
        co_return std::move(opened->grant);
    }
    const bool suspended = opened.error().code == errc::account_suspended;
    if (!suspended && opened.error().code != errc::wrong_credentials) co_return std::unexpected(opened.error());
    const auto* reason = suspended ? "suspended" : "password_changed_meanwhile";
    const auto recorded = co_await store_.record(failed_log_in(call, known, reason));
    if (!recorded) co_return std::unexpected(recorded.error());
    co_return std::unexpected(opened.error());
}

audit_event accounts::failed_log_in(const call& call, const std::optional<password_record>& known,
                                    const char* reason) const {
    auto event = audit_of(call, audit_type::log_in, clock_.now());
    event.succeeded = false;
    event.reason = reason;
    if (known) event.subject = known->account;
    return event;
}

// A hash that nobody can check is damaged or came from elsewhere. Its owner cannot log in, so the operator must know.
const char* accounts::reason_not_right(const call& call, const password_record& known) const {
    if (passwords_.knows(known.password_hash)) return "wrong_password";
    log_error(call, "the stored password of an account cannot be checked", {{"account", known.account.to_string()}});
    return "unknown_hash";
}

// The log-in does not wait for this. If it fails, the next log-in tries again.
void accounts::strengthen_later(io_executor executor, const password_record& known, secret_string password) {
    auto strengthen = [](account_store& store, passwords& hasher, password_record record,
                         secret_string normalized) -> task<void> {
        const call own{.request_id = "rehash",
                       .deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1),
                       .address = {},
                       .user_agent = {},
                       .access_token = {}};
        const auto hash = co_await hasher.hash(own, normalized.view());
        if (!hash) co_return;
        const auto replaced = co_await store.replace_hash(record.account, record.password_hash, *hash);
        if (!replaced) log_warning("cannot store a stronger hash", {{"error", replaced.error().message}});
    };
    spawn(executor, "stronger hash", strengthen(store_, passwords_, known, std::move(password)));
}

audit_event accounts::audit_by(const call& call, audit_type type, const principal& by) const {
    auto event = audit_of(call, type, clock_.now(), by.account);
    event.session = log_label(by.session.view());
    return event;
}

task<result<account>> accounts::find(uuid id) {
    auto found = co_await store_.find(id);
    if (!found) co_return std::unexpected(found.error());
    if (!*found || (*found)->status == account_status::deleted) co_return std::unexpected(no_such_account());
    co_return std::move(**found);
}

task<result<password_record>> accounts::verify_own_password(const call& call, const principal& by,
                                                            std::string_view typed, std::string_view field,
                                                            audit_event event, std::string_view device) {
    const auto password = normalize_password(typed, field);
    if (!password) co_return std::unexpected(password.error());
    const auto admitted = co_await attempts_.admit(call, source_action::check_password);
    if (!admitted) co_return std::unexpected(admitted.error());
    auto known = co_await store_.find_password(by.account, devices_.unseal(device));
    if (!known) co_return std::unexpected(known.error());
    if (!*known) co_return std::unexpected(no_such_account());
    auto attempt = co_await attempts_.begin((*known)->identifier_key, (*known)->device);
    if (!attempt) co_return std::unexpected(attempt.error());
    const auto right =
        co_await passwords_.verify(call, password->view(), (*known)->password_hash, known_device_of(*attempt, *known));
    if (!right) co_return std::unexpected(right.error());
    if (*right) {
        co_await attempt->succeed();
        co_return std::move(**known);
    }
    event.succeeded = false;
    event.reason = reason_not_right(call, **known);
    const auto counted = co_await attempt->fail(event);
    if (!counted) co_return std::unexpected(counted.error());
    co_return failure(errc::wrong_password, "The password is wrong.");
}

task<result<secret_string>> accounts::check_own_new_password(const principal& by, std::string_view typed) {
    auto password = normalize_password(typed, "new_password");
    if (!password) co_return std::unexpected(password.error());
    const auto owner = co_await find(by.account);
    if (!owner) co_return std::unexpected(owner.error());
    const auto identifier = parse_login_identifier(owner->email, identifier_forms::email_or_legacy);
    if (!identifier) co_return std::unexpected(identifier.error());
    const auto allowed = check_new_password(password->view(), *identifier, settings_.passwords, "new_password");
    if (!allowed) co_return std::unexpected(allowed.error());
    co_return password;
}

task<result<token_grant>> accounts::change_password(const call& call, const principal& by,
                                                    std::string_view current_password, std::string_view new_password,
                                                    std::string_view device) {
    const auto event = audit_by(call, audit_type::password_change, by);
    const auto password = co_await check_own_new_password(by, new_password);
    if (!password) co_return std::unexpected(password.error());
    const auto known = co_await verify_own_password(call, by, current_password, "current_password", event, device);
    if (!known) co_return std::unexpected(known.error());
    auto successor = co_await sessions_.begin_successor(call, by);
    if (!successor) co_return std::unexpected(successor.error());
    // Who has just given the right password on a known device keeps that share.
    auto hash =
        co_await passwords_.hash(call, password->view(), known->device ? std::optional(known->account) : std::nullopt);
    if (!hash) co_return std::unexpected(hash.error());

    const password_change change{.by = by,
                                 .verified_version = known->version,
                                 .password_hash = std::move(*hash),
                                 .successor = std::move(*successor)};
    const auto ended = co_await store_.change_password(change, event);
    if (!ended) co_return std::unexpected(ended.error());
    co_await revoked_.announce(by.account, *ended);
    co_return sessions_.grant(change.successor);
}

task<result<token_grant>> accounts::reauthenticate(const call& call, const principal& by, std::string_view password,
                                                   std::string_view device) {
    const auto event = audit_by(call, audit_type::reauthenticate, by);
    const auto known = co_await verify_own_password(call, by, password, "password", event, device);
    if (!known) co_return std::unexpected(known.error());
    co_return co_await sessions_.reauthenticate(call, by);
}

task<result<void>> accounts::remove(const call& call, const principal& by, std::string_view password,
                                    std::string_view device) {
    const auto event = audit_by(call, audit_type::delete_account, by);
    const auto known = co_await verify_own_password(call, by, password, "password", event, device);
    if (!known) co_return std::unexpected(known.error());
    const auto ended = co_await store_.remove(by.account, by, event);
    if (!ended) co_return std::unexpected(ended.error());
    co_await revoked_.announce(by.account, *ended);
    co_return result<void>();
}

}  // namespace userinfo
