#include "session/sessions.h"

#include <algorithm>

#include <sodium.h>

#include "base/comma_list.h"
#include "base/log.h"
#include "session/refresh_check.h"

namespace userinfo {

namespace {

std::unexpected<error> not_valid() {
    return failure(errc::invalid_token, "The refresh token is not valid, or its session has ended; log in again.");
}

std::unexpected<error> superseded() {
    return std::unexpected(error{.code = errc::invalid_token,
                                 .message = "A newer refresh token has replaced this one; use the newer one.",
                                 .reason = std::string(superseded_token)});
}

std::unexpected<error> unrenewed() {
    return failure(errc::token_expired, "The access token expired too long ago; refresh it first.");
}

bool ends_session(rotation_outcome outcome) {
    return outcome == rotation_outcome::reused || outcome == rotation_outcome::repeated_too_often;
}

session_nonce random_nonce() {
    session_nonce nonce;
    randombytes_buf(nonce.data(), nonce.size());
    return nonce;
}

std::vector<std::string> words_of(std::string_view list) {
    std::vector<std::string> words;
    for (const auto word : comma_list(list)) words.emplace_back(word);
    return words;
}

principal owner_of(const session& session) {
    return {.account = session.account,
            .session = session.id,
            .client = session.client,
            .auth_time = session.auth_time,
            .amr = words_of(session.amr),
            .generation = session.generation};
}

}  // namespace

sessions::sessions(session_settings settings, session_store& store, revocations& revoked, access_tokens& access,
                   const refresh_tokens& refresh, const clock& clock)
    : settings_(std::move(settings)),
      store_(store),
      revoked_(revoked),
      access_(access),
      refresh_(refresh),
      clock_(clock) {}

session sessions::begin(const call& call, uuid account, transport transport) const {
    const auto now = clock_.now();
    const auto absolute = now + settings_.limits.absolute;
    return {.id = uuid::random(),
            .account = account,
            .nonce = random_nonce(),
            .transport = transport,
            .client = settings_.client,
            .amr = "pwd",
            .device = call.user_agent,
            .address = call.address,
            .last_address = call.address,
            .auth_time = now,
            .created_at = now,
            .last_seen_at = now,
            .idle_expires_at = std::min(now + settings_.limits.idle, absolute),
            .absolute_expires_at = absolute};
}

task<result<session>> sessions::begin_successor(const call& call, const principal& by) const {
    const auto own = co_await store_.find_live(by.session, clock_.now());
    if (!own) co_return std::unexpected(own.error());
    if (!*own) co_return std::unexpected(session_ended());
    co_return begin(call, by.account, (*own)->transport);
}

task<result<sessions::opened>> sessions::open(const call& call, session begun, std::uint64_t verified_version,
                                              const std::optional<device_proof>& shown) {
    const auto event = audit(call, audit_type::log_in, begun.account, begun.id);
    const device_use device{.shown = shown, .fresh_id = uuid::random(), .name = begun.device, .at = begun.created_at};
    const auto opening = co_await store_.open(begun, verified_version, settings_.limits.per_account, device, event);
    if (!opening) co_return std::unexpected(opening.error());
    co_await revoked_.announce(begun.account, opening->ended);
    co_return opened{.grant = grant(begun), .device = opening->device};
}

token_grant sessions::grant(const session& session) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    const auto session_end = std::chrono::floor<std::chrono::seconds>(session.expires_at());
    const auto access_end = std::min(now + settings_.access_lifetime, session_end);
    const access_claims claims{.subject = session.account,
                               .session = session.id,
                               .client = session.client,
                               .amr = words_of(session.amr),
                               .issued_at = now,
                               .expires_at = access_end,
                               .auth_time = std::chrono::floor<std::chrono::seconds>(session.auth_time),
                               .token_id = uuid::random(),
                               .generation = session.generation};
    return {.access_token = access_.issue(claims),
            .refresh_token = refresh_.issue(session.id, session.generation, session.nonce),
            .access_lifetime = access_end - now,
            .refresh_lifetime = session_end - now,
            .transport = session.transport};
}

task<result<token_grant>> sessions::reauthenticate(const call& call, const principal& by) {
    const auto event = audit(call, audit_type::reauthenticate, by.account, by.session);
    auto renewed = co_await store_.reauthenticate(by, event);
    if (!renewed) co_return std::unexpected(renewed.error());
    // The session may have a newer generation that has not reached the client.
    renewed->generation = by.generation;
    auto granted = grant(*renewed);
    // With two requests at once, the client might keep the older of two refresh tokens.
    granted.refresh_token.clear();
    co_return granted;
}

std::optional<refresh_token> sessions::recognize(const std::string& text) const {
    auto token = parse_refresh_token(text);
    if (!token || !refresh_.may_be_ours(*token, clock_.now())) return std::nullopt;
    return token;
}

rotation_request sessions::rotation_by(const call& call, const refresh_token& token) const {
    return {.session = token.session,
            .generation = token.generation,
            .now = clock_.now(),
            .address = call.address,
            .idle = settings_.limits.idle};
}

task<result<rotation>> sessions::rotate(const call& call, const rotation_request& request, const uuid& account,
                                        const std::string& text) {
    const auto event = audit(call, audit_type::refresh, account, request.session);
    // A browser sends several requests at once; they are one refresh, and one repeat.
    auto rotated = co_await rotating_.run(text + ' ' + call.address, [&] { return store_.rotate(request, event); });
    if (rotated && ends_session(rotated->outcome)) {
        log_warning(call, "a refresh token was used twice: its session was ended",
                    {{"session", log_label(request.session.view())}});
        co_await revoked_.announce(account, {request.session});
    }
    co_return rotated;
}

task<result<token_grant>> sessions::refresh(const call& call, const std::string& text, transport transport) {
    const auto token = recognize(text);
    if (!token) co_return not_valid();
    const auto known = co_await store_.find_live(token->session, clock_.now());
    if (!known) co_return std::unexpected(known.error());
    if (!*known || (*known)->transport != transport || !refresh_.is_genuine(*token, (*known)->nonce, clock_.now())) {
        co_return not_valid();
    }
    const auto rotated = co_await rotate(call, rotation_by(call, *token), (*known)->account, text);
    if (!rotated) co_return std::unexpected(rotated.error());
    switch (rotated->outcome) {
        case rotation_outcome::rotated:
        case rotation_outcome::repeated:
        case rotation_outcome::repeated_late: co_return grant(*rotated->current);
        case rotation_outcome::superseded: co_return superseded();
        case rotation_outcome::ended:
        case rotation_outcome::repeated_too_often:
        case rotation_outcome::reused: co_return not_valid();
    }
    std::unreachable();
}

task<result<principal>> sessions::identify(const call& call, const std::string& text) {
    const auto token = recognize(text);
    if (!token || !token->outer) co_return not_valid();
    // A page asks for many files at once. By token: a row that was read before a token was made does not know it. The
    // row may be older than this call, so the session may have ended since.
    const auto found = co_await finding_.run(text, [&] { return store_.find(token->session); });
    if (!found) co_return std::unexpected(found.error());
    if (!*found || (*found)->value.transport != transport::cookie ||
        !refresh_.is_genuine(*token, (*found)->value.nonce, clock_.now()) || revoked_.contains(token->session)) {
        co_return not_valid();
    }
    const auto& session = (*found)->value;
    const auto shown = rotation_by(call, *token);
    switch (standing_of_refresh(*found, shown, settings_.access_lifetime)) {
        case refresh_standing::current: co_return owner_of(session);
        case refresh_standing::unrenewed: co_return unrenewed();
        case refresh_standing::superseded: co_return superseded();
        case refresh_standing::ended: co_return not_valid();
        case refresh_standing::reused: break;
    }
    // Judged again, on the locked row. A generation that is dead never becomes the current one, so nothing is renewed.
    const auto judged = co_await rotate(call, shown, session.account, text);
    if (!judged) co_return std::unexpected(judged.error());
    co_return not_valid();
}

std::string sessions::token_for_back_end(const principal& caller) const {
    if (settings_.back_end_audience.empty()) return {};
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    const auto lifetime = std::min<std::chrono::seconds>(settings_.access_lifetime, longest_back_end_token);
    const access_claims claims{.subject = caller.account,
                               .session = caller.session,
                               .client = caller.client,
                               .amr = caller.amr,
                               .issued_at = now,
                               .expires_at = now + lifetime,
                               .auth_time = std::chrono::floor<std::chrono::seconds>(caller.auth_time),
                               .token_id = uuid::random()};
    return access_.issue_for_back_end(claims, settings_.back_end_audience);
}

task<result<void>> sessions::log_out(const call& call, const std::string& refresh_token) {
    if (!call.access_token.empty()) {
        if (const auto claims = access_.verify_signature(call.access_token)) {
            auto ended = co_await end(call, (*claims)->subject, (*claims)->session);
            if (!ended) co_return ended;
        }
    }
    if (!refresh_token.empty()) co_return co_await log_out_by_refresh_token(call, refresh_token);
    co_return result<void>();
}

task<result<void>> sessions::log_out_by_refresh_token(const call& call, const std::string& text) {
    const auto token = recognize(text);
    if (!token) co_return result<void>();
    const auto known = co_await store_.find_live(token->session, clock_.now());
    if (!known) co_return std::unexpected(known.error());
    if (!*known || !refresh_.is_genuine(*token, (*known)->nonce, clock_.now())) co_return result<void>();
    co_return co_await end(call, (*known)->account, token->session);
}

task<result<void>> sessions::end(const call& call, uuid account, uuid id) {
    const auto event = audit(call, audit_type::log_out, account, id);
    const auto ended = co_await store_.end(account, id, end_reason::log_out, event);
    if (!ended) co_return std::unexpected(ended.error());
    // Announce even if it had ended before: whoever ended it may still be announcing it, or may have failed to.
    co_await revoked_.announce(account, {id});
    co_return result<void>();
}

task<result<void>> sessions::end_one(const call& call, const principal& by, uuid id) {
    const auto event = audit(call, audit_type::session_end, by.account, id);
    auto ended = co_await store_.end_one(by, id, event);
    if (ended) co_await revoked_.announce(by.account, {id});
    co_return ended;
}

task<result<void>> sessions::end_others(const call& call, const principal& by) {
    const auto event = audit(call, audit_type::session_end, by.account, by.session);
    const auto ended = co_await store_.end_others(by, event.at - revoked_.memory(), event);
    if (!ended) co_return std::unexpected(ended.error());
    co_await revoked_.announce(by.account, *ended);
    co_return result<void>();
}

task<result<std::vector<session>>> sessions::list(const principal& by) {
    co_return co_await store_.list_live(by.account, clock_.now());
}

audit_event sessions::audit(const call& call, audit_type type, uuid account, uuid session) const {
    auto event = audit_of(call, type, clock_.now(), account);
    event.session = log_label(session.view());
    return event;
}

}  // namespace userinfo
