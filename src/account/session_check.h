// Who is calling? An access token says who it was made for; this says whether that session is still alive.
#pragma once

#include <string_view>

#include "account/principal.h"
#include "account/revocations.h"
#include "account/session_cache.h"
#include "account/session_store.h"
#include "base/call.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/single_flight.h"
#include "base/task.h"
#include "tokens/access_token.h"

namespace userinfo {

// Thread-safe.
class session_check {
public:
    session_check(access_tokens& tokens, const revocations& revoked, session_cache& cache, session_store& store,
                  const clock& clock);

    // The principal of `call.access_token`. errc::invalid_token: none, not genuine, or of a session that has ended;
    // errc::token_expired; errc::unavailable: the database is needed and does not answer.
    task<result<principal>> authenticate(call& call);

private:
    task<result<bool>> is_live(const access_claims& claims);
    task<result<bool>> ask_store(const access_claims& claims);

    access_tokens& tokens_;
    const revocations& revoked_;
    session_cache& cache_;
    session_store& store_;
    const clock& clock_;
    single_flight<uuid, result<bool>> asking_;
};

// How a token that does not pass is reported.
error to_error(token_error why);

}  // namespace userinfo
