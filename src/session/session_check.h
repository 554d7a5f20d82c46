// Who is calling? An access token says who it was made for; this says whether that session is still alive.
#pragma once

#include <optional>
#include <string_view>

#include "base/call.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/single_flight.h"
#include "base/task.h"
#include "session/principal.h"
#include "session/revocations.h"
#include "session/session_cache.h"
#include "session/session_store.h"
#include "tokens/access_token.h"

namespace userinfo {

// What holds for a session that the cache calls live while the database, which knows, does not answer.
enum class primary_loss {
    serve,   // it is accepted: reads go on; one that has ended is refused as long as the cache remembers that
    refuse,  // errc::unavailable
};

// Thread-safe.
class session_check {
public:
    session_check(access_tokens& tokens, const revocations& revoked, session_cache& cache, session_store& store,
                  const clock& clock, primary_loss on_primary_loss = primary_loss::serve);

    // The principal of `call.access_token`. errc::invalid_token: none, not genuine, or of a session that has ended;
    // errc::token_expired; errc::unavailable: the database is needed and does not answer.
    task<result<principal>> authenticate(call& call);

    // The same in two steps, for who asks the cache for more than the session. First: the token alone, and what has
    // ended as far as this program knows.
    result<access_claims_ptr> verify(call& call) const;

    // Then: `cached` is what session_cache::get has said of it since.
    task<result<principal>> authenticate(access_claims_ptr claims, std::optional<cached_session> cached);

private:
    task<result<bool>> is_live(const access_claims& claims, std::optional<cached_session> cached);
    task<result<bool>> ask_store(const access_claims& claims);

    access_tokens& tokens_;
    const revocations& revoked_;
    session_cache& cache_;
    session_store& store_;
    const clock& clock_;
    const primary_loss on_primary_loss_;
    single_flight<uuid, result<bool>> asking_;
};

// How a token that does not pass is reported.
error to_error(token_error why);

}  // namespace userinfo
