#include "session/session_check.h"

#include <algorithm>

namespace userinfo {

namespace {

principal to_principal(const access_claims& claims) {
    return {.account = claims.subject,
            .session = claims.session,
            .client = claims.client,
            .auth_time = claims.auth_time,
            .amr = claims.amr,
            .generation = claims.generation};
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
      on_primary_loss_(on_primary_loss),
      arrivals_(store, cache) {}

task<result<principal>> session_check::authenticate(call& call) {
    auto claims = verify(call);
    if (!claims) co_return std::unexpected(std::move(claims.error()));
    const auto cached = co_await cache_.get((*claims)->subject, (*claims)->session);
    co_return co_await authenticate(call, std::move(*claims), cached);
}

result<access_claims_ptr> session_check::verify(call& call) const {
    if (call.access_token.empty()) return failure(errc::invalid_token, "Log in first: there is no access token.");
    auto claims = tokens_.verify(call.access_token);
    if (!claims) return std::unexpected(to_error(claims.error()));
    call.account = (*claims)->subject;
    if (revoked_.contains((*claims)->session)) return std::unexpected(session_ended());
    return std::move(*claims);
}

task<result<principal>> session_check::authenticate(const call& call, access_claims_ptr claims, known_session cached) {
    const auto arrived = co_await find_live(*claims, cached);
    if (!arrived) co_return std::unexpected(arrived.error());
    if (!*arrived) co_return std::unexpected(session_ended());
    if (claims->generation > **arrived && !call.renewed) arrivals_.note(co_await asio::this_coro::executor, *claims);
    co_return to_principal(*claims);
}

task<result<std::optional<std::uint64_t>>> session_check::find_live(const access_claims& claims, known_session cached) {
    if (cached.state == cached_session::revoked) co_return std::nullopt;
    if (cached.state == cached_session::live && revoked_.is_fresh()) co_return cached.arrived;
    auto found = co_await ask_store(claims);
    const bool lost = !found && found.error().code == errc::unavailable;
    if (lost && cached.state == cached_session::live && on_primary_loss_ == primary_loss::serve) {
        co_return cached.arrived;
    }
    co_return found;
}

task<result<std::optional<std::uint64_t>>> session_check::ask_store(const access_claims& claims) {
    using arrived = std::optional<std::uint64_t>;
    auto found = co_await asking_.run(claims.session, [this, session = claims.session] {
        return [](session_store& store, uuid id, timestamp now) -> task<result<arrived>> {
            const auto known = co_await store.find_live(id, now);
            if (!known) co_return std::unexpected(known.error());
            co_return *known ? arrived((*known)->arrived) : std::nullopt;
        }(store_, session, clock_.now());
    });
    if (!found || !*found) co_return found;
    // A token may outlive a remembered revocation if the configured lifetime was longer when it was issued.
    const auto until = std::min<timestamp>(claims.expires_at, clock_.now() + revoked_.memory());
    co_await cache_.put_live(claims.subject, claims.session, until);
    if (**found > known_session().arrived) co_await cache_.put_arrived(claims.subject, claims.session, **found, until);
    // The session may have ended during the query.
    if (revoked_.contains(claims.session)) co_return std::nullopt;
    co_return found;
}

}  // namespace userinfo
