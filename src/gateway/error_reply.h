// Maps an error of the service to an HTTP status and an envelope code. No other place knows both.
#pragma once

#include "base/result.h"
#include "gateway/endpoint.h"
#include "http/json_reply.h"
#include "http/message.h"

namespace userinfo::gateway {

// Envelope codes with the same meaning at every endpoint, including those of HTTP itself. The codes of a single
// endpoint are in its table.
namespace envelope_code {

using namespace http::envelope_code;

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
inline constexpr int no_such_device = 200018;

}  // namespace envelope_code

http::reply make_error_reply(const error& error, const failure_codes& codes);

}  // namespace userinfo::gateway
