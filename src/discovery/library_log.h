// Sends the gRPC library's messages to the program's log instead of standard error.
#pragma once

namespace userinfo::discovery {

// Applies to the whole process, at level debug, because a remote peer can cause many messages. The program itself logs
// what matters to operators.
void log_what_grpc_says();

}  // namespace userinfo::discovery
