// The program's errors as gRPC statuses, and back. The kind of an error travels in the status's details
// (userinfo.v1.Failure), since many kinds share one code.
#pragma once

#include "base/result.h"
#include "h2/status.h"

namespace userinfo::rpc {

h2::status to_status(const error& error);

// A status that did not come from the service itself (no connection, no answer in time, not its protocol) is
// errc::unavailable or errc::internal.
error to_error(const h2::status& status);

}  // namespace userinfo::rpc
