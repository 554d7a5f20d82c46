// Sends a `call` as the metadata of an RPC, and reads it back. proto/userinfo/v1/userinfo.proto names the keys.
#pragma once

#include <optional>

#include "base/call.h"
#include "h2/metadata.h"
#include "h2/server_call.h"

namespace userinfo::rpc {

// For the client. Instead of a token with bytes that no token can have (RFC 6750 section 2.1), or of one that is too
// long, it has one that the service refuses.
h2::fields metadata_of(const call& call);
std::optional<uuid> account_in(const h2::metadata& reply);

// For the server. Whether a gateway calls that has proved to be one (h2/peer.h). Of everybody else the metadata of a
// gateway, "userinfo-...", are not read: limits and the audit trail rest on them.
bool is_from_gateway(const h2::server_call& rpc);

// Whether the caller names a client as a gateway does, but has not proved to be one.
bool claims_to_be_gateway(const h2::server_call& rpc);

// For the server. A call without a deadline gets one. If no gateway calls, or if it names no address, the client is the
// peer itself. The RPC must outlive the call.
call call_of(const h2::server_call& rpc);
h2::fields trailers_of(const call& call);

}  // namespace userinfo::rpc
