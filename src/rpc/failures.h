// Converts errors to gRPC statuses and back. The details of the status (userinfo.v1.Failure) carry the kind of error,
// because several kinds share one code.
#pragma once

#include "base/result.h"
#include "h2/status.h"

namespace userinfo::rpc {

h2::status to_status(const error& error);

// A status that the service did not create (no connection, no answer in time, another protocol) becomes
// errc::unavailable or errc::internal.
error to_error(const h2::status& status);

}  // namespace userinfo::rpc
