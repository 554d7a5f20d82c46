// The program's errors as gRPC statuses, and back. The kind of an error travels in the status's details
// (userinfo.v1.Failure), since many kinds share one code.
#pragma once

#include <grpcpp/support/status.h>

#include "base/result.h"

namespace userinfo::rpc {

grpc::Status to_status(const error& error);

// A status that did not come from the service itself (no connection, no answer in time, not its protocol) is
// errc::unavailable or errc::internal.
error to_error(const grpc::Status& status);

// Whether it was the connection that failed, so that another instance may do better.
bool is_lost_connection(const grpc::Status& status);

}  // namespace userinfo::rpc
