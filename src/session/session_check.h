// Authenticates callers: verifies the access token, then checks that its session has not ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/call.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/single_flight.h"
#include "base/task.h"
#include "session/arrivals.h"
#include "session/principal.h"
#include "session/revocations.h"
#include "session/session_cache.h"
#include "session/session_store.h"
#include "tokens/access_token.h"

namespace userinfo {

// What to do with a session that is live in the cache while the database does not answer.
enum class primary_loss {
    serve,   // accept it, so that reads continue; ended sessions are rejected while the cache remembers them
    refuse,  // errc::unavailable
};

// Thread-safe.
class session_check {
public:
    session_check(access_tokens& tokens, const revocations& revoked, session_cache& cache, session_store& store,
                  const clock& clock, primary_loss on_primary_loss = primary_loss::serve);

    // Returns the principal of `call.access_token`. errc::invalid_token: no token, not genuine, or its session has
    // ended. errc::token_expired. errc::unavailable: the database is needed and does not answer.
    task<result<principal>> authenticate(call& call);

    // The same in two steps, for callers that read more than the session from the cache. First, checks the token itself
    // and the revocations known to this program.
    result<access_claims_ptr> verify(call& call) const;

    // Then checks the session, and notes which of its tokens the client has shown. `cached` must be the answer of
    // session_cache::get from after the first step.
    task<result<principal>> authenticate(const call& call, access_claims_ptr claims, known_session cached);

private:
    // Return session::arrived of the session, or less; nothing: it is not live.
    task<result<std::optional<std::uint64_t>>> find_live(const access_claims& claims, known_session cached);
    task<result<std::optional<std::uint64_t>>> ask_store(const access_claims& claims);

    access_tokens& tokens_;
    const revocations& revoked_;
    session_cache& cache_;
    session_store& store_;
    const clock& clock_;
    const primary_loss on_primary_loss_;
    single_flight<uuid, result<std::optional<std::uint64_t>>> asking_;
    arrivals arrivals_;
};

// The error for a rejected token.
error to_error(token_error why);

}  // namespace userinfo
