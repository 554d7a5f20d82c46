// Sends the protobuf library's messages to the program's log instead of standard error.
#pragma once

namespace userinfo::rpc {

// Applies to the whole process, at level debug, because a remote peer can cause many messages: a text that is not UTF-8
// causes one. What protobuf does not survive is an error. Call it before another thread parses a message.
void log_what_protobuf_says();

}  // namespace userinfo::rpc
