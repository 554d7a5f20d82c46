// The tables of endpoints. Each table is at the end of the source file that holds its handlers.
#pragma once

#include <span>

#include "gateway/endpoint.h"
#include "gateway/error_reply.h"

namespace userinfo::gateway {

std::span<const endpoint> account_routes();
std::span<const endpoint> session_routes();
std::span<const endpoint> device_routes();
std::span<const endpoint> profile_routes();
std::span<const endpoint> public_routes();

inline constexpr failure_codes account_codes{envelope_code::account_bad_request, envelope_code::account_bad_request,
                                             envelope_code::no_such_session, envelope_code::account_failed};
inline constexpr failure_codes public_codes{envelope_code::malformed_request, envelope_code::malformed_request,
                                            envelope_code::no_such_path, envelope_code::internal};

}  // namespace userinfo::gateway
