#include "session/session_check.h"

#include <algorithm>

namespace userinfo {

namespace {

principal to_principal(const access_claims& claims) {
    return {.account = claims.subject,
            .session = claims.session,
            .client = claims.client,
            .auth_time = claims.auth_time,
            .amr = claims.amr};
}

}  // namespace

error to_error(token_error why) {
    switch (why) {
        case token_error::malformed:
        case token_error::bad_signature:
            return {.code = errc::invalid_token, .message = "The access token is not valid."};
        // Whoever holds such a token may still have a good refresh token.
        case token_error::not_for_us:
            return {.code = errc::token_expired,
                    .message = "The access token was issued for another address or audience."};
        case token_error::expired: return {.code = errc::token_expired, .message = "The access token has expired."};
    }
    std::unreachable();
}

session_check::session_check(access_tokens& tokens, const revocations& revoked, session_cache& cache,
                             session_store& store, const clock& clock, primary_loss on_primary_loss)
    : tokens_(tokens),
      revoked_(revoked),
      cache_(cache),
      store_(store),
      clock_(clock),
      on_primary_loss_(on_primary_loss) {}

task<result<principal>> session_check::authenticate(call& call) {
    auto claims = verify(call);
    if (!claims) co_return std::unexpected(std::move(claims.error()));
    const auto cached = co_await cache_.get((*claims)->subject, (*claims)->session);
    co_return co_await authenticate(std::move(*claims), cached);
}

result<access_claims_ptr> session_check::verify(call& call) const {
    if (call.access_token.empty()) return failure(errc::invalid_token, "Log in first: there is no access token.");
    auto claims = tokens_.verify(call.access_token);
    if (!claims) return std::unexpected(to_error(claims.error()));
    call.account = (*claims)->subject;
    if (revoked_.contains((*claims)->session)) return std::unexpected(session_ended());
    return std::move(*claims);
}

task<result<principal>> session_check::authenticate(access_claims_ptr claims, std::optional<cached_session> cached) {
    const auto live = co_await is_live(*claims, cached);
    if (!live) co_return std::unexpected(live.error());
    if (!*live) co_return std::unexpected(session_ended());
    co_return to_principal(*claims);
}

task<result<bool>> session_check::is_live(const access_claims& claims, std::optional<cached_session> cached) {
    if (cached == cached_session::revoked) co_return false;
    if (cached == cached_session::live && revoked_.is_fresh()) co_return true;
    auto live = co_await ask_store(claims);
    const bool lost = !live && live.error().code == errc::unavailable;
    if (lost && cached == cached_session::live && on_primary_loss_ == primary_loss::serve) co_return true;
    co_return live;
}

task<result<bool>> session_check::ask_store(const access_claims& claims) {
    auto live = co_await asking_.run(claims.session, [this, session = claims.session] {
        return [](session_store& store, uuid id, timestamp now) -> task<result<bool>> {
            const auto found = co_await store.find_live(id, now);
            if (!found) co_return std::unexpected(found.error());
            co_return found->has_value();
        }(store_, session, clock_.now());
    });
    if (!live || !*live) co_return live;
    // A token may outlive a remembered revocation if the configured lifetime was longer when it was issued.
    const auto until = std::min<timestamp>(claims.expires_at, clock_.now() + revoked_.memory());
    co_await cache_.put_live(claims.subject, claims.session, until);
    // The session may have ended during the query.
    co_return !revoked_.contains(claims.session);
}

}  // namespace userinfo
