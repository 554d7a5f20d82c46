// The tables of endpoints. Each table is at the end of the source file that holds its handlers.
#pragma once

#include <chrono>
#include <span>

#include "gateway/endpoint.h"
#include "gateway/error_reply.h"

namespace userinfo::gateway {

std::span<const endpoint> account_routes();
std::span<const endpoint> session_routes();
std::span<const endpoint> device_routes();
std::span<const endpoint> profile_routes();
std::span<const endpoint> public_routes();

// How long anybody may keep the key set. A new key has to be in it for longer before it signs.
inline constexpr std::chrono::minutes key_set_kept{5};

inline constexpr failure_codes account_codes{envelope_code::account_bad_request, envelope_code::account_bad_request,
                                             envelope_code::no_such_session, envelope_code::account_failed};
inline constexpr failure_codes public_codes{envelope_code::malformed_request, envelope_code::malformed_request,
                                            envelope_code::no_such_path, envelope_code::internal};

}  // namespace userinfo::gateway
