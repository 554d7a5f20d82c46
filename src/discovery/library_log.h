// What the gRPC library has to say goes to the program's own log, instead of standard error.
#pragma once

namespace userinfo::discovery {

// For the whole process, at level debug: a stranger on the port can make it say much. What matters to an operator is
// logged where it happens.
void log_what_grpc_says();

}  // namespace userinfo::discovery
