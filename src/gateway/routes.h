// What each endpoint does: reads its fields, calls the service, writes the data of the reply.
#pragma once

#include <string>

#include "base/result.h"
#include "base/task.h"
#include "gateway/endpoint.h"
#include "service/userinfo_service.h"

namespace userinfo::gateway {

// Thread-safe.
class routes {
public:
    explicit routes(userinfo_service& client) : client_(client) {}

    // account_routes.cpp
    task<result<answer>> register_account(exchange& exchange);
    task<result<answer>> log_in(exchange& exchange);
    task<result<answer>> log_out(exchange& exchange);
    task<result<answer>> refresh(exchange& exchange);
    task<result<answer>> get_account(exchange& exchange);
    task<result<answer>> change_password(exchange& exchange);
    task<result<answer>> reauthenticate(exchange& exchange);
    task<result<answer>> delete_account(exchange& exchange);

    // session_routes.cpp
    task<result<answer>> list_sessions(exchange& exchange);
    task<result<answer>> end_session(exchange& exchange);
    task<result<answer>> end_other_sessions(exchange& exchange);

    // profile_routes.cpp
    task<result<answer>> get_profile(exchange& exchange);
    task<result<answer>> create_profile(exchange& exchange);
    task<result<answer>> update_profile(exchange& exchange);
    task<result<answer>> delete_profile(exchange& exchange);

    // public_routes.cpp
    task<result<answer>> health(exchange& exchange);
    task<result<answer>> public_keys(exchange& exchange);
    task<result<answer>> api_description(exchange& exchange);

private:
    userinfo_service& client_;
};

}  // namespace userinfo::gateway
