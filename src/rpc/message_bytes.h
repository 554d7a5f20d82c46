// Messages of protobuf as bytes that are wiped, and back. Protobuf's own copy is not wiped; call `wipe_fields`.
#pragma once

#include <google/protobuf/message.h>

#include "base/secret_string.h"

namespace userinfo::rpc {

secret_string serialize(const google::protobuf::Message& message);

// False: they are not such a message.
bool parse(google::protobuf::Message& message, const secret_string& bytes);

// Wipes all texts and bytes of a message and of those within it. Do not use the message afterwards.
void wipe_fields(google::protobuf::Message& message);

}  // namespace userinfo::rpc
