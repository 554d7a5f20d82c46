// Replies in the one form that all clients know: {"code": ..., "msg": ..., "data": ...}.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace userinfo::gateway {

// `data`: JSON. The headers that every reply of the API has are set.
http::reply make_envelope(unsigned status, int code, std::string_view message, std::string_view data = "null");

// A reply whose body is a document of its own.
http::reply make_document(std::string body, std::string_view content_type);

}  // namespace userinfo::gateway
