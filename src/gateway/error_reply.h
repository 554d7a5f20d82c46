// From an error of the service to an HTTP status and an envelope code: the one place that knows both.
#pragma once

#include "base/result.h"
#include "gateway/endpoint.h"
#include "http/message.h"
#include "http/router.h"

namespace userinfo::gateway {

// Envelope codes that mean the same at every endpoint; an endpoint's own stand in the table of endpoints.
namespace envelope_code {

inline constexpr int success = 0;
inline constexpr int version_mismatch = 100005;
inline constexpr int wrong_credentials = 200007;
inline constexpr int invalid_token = 200008;
inline constexpr int token_expired = 200009;
inline constexpr int too_many_attempts = 200010;
inline constexpr int foreign_origin = 200011;
inline constexpr int account_suspended = 200012;
inline constexpr int wrong_password = 200013;
inline constexpr int account_bad_request = 200014;
inline constexpr int no_such_session = 200015;
inline constexpr int account_failed = 200016;
inline constexpr int reauthentication_required = 200017;
inline constexpr int no_such_path = 300001;
inline constexpr int method_not_allowed = 300002;
inline constexpr int unsupported_media_type = 300003;
inline constexpr int body_too_large = 300004;
inline constexpr int malformed_request = 300005;
inline constexpr int unavailable = 300006;
inline constexpr int internal = 300007;

}  // namespace envelope_code

http::reply make_error_reply(const error& error, const failure_codes& codes);

// For what the listener itself turned away.
http::reply make_rejection_reply(http::rejection why);

// For a request that no route wants: 404, or 405 with `Allow`.
http::reply make_route_reply(const http::router::match& match);

}  // namespace userinfo::gateway
