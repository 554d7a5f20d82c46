// What of a `call` travels beside an RPC's message: proto/userinfo/v1/userinfo.proto names the keys.
#pragma once

#include <optional>

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include "base/call.h"

namespace userinfo::rpc {

// The caller's side. A token with bytes that no token has (RFC 6750 section 2.1) is not sent: the service then finds
// none.
void write_call(const call& call, grpc::ClientContext& context);
std::optional<uuid> read_account(const grpc::ClientContext& context);

// The service's side. A call without a deadline gets one.
call read_call(const grpc::ServerContext& context);
void write_account(const call& call, grpc::ServerContext& context);

}  // namespace userinfo::rpc
