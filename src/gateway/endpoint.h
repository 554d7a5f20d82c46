// The table of what the gateway offers, and one request on its way through it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "base/task.h"
#include "gateway/credentials.h"
#include "gateway/fields.h"
#include "http/message.h"
#include "service/userinfo_service.h"

namespace userinfo::gateway {

class routes;

// The envelope codes of an endpoint's failures; those that mean the same everywhere are in error_reply.cpp.
struct failure_codes {
    int bad_request;
    int conflict;
    int not_found;
    int failed;
};

enum class access {
    open,  // anybody; tokens are never renewed on the way
    user,  // needs a session; an expired access cookie is renewed from the refresh cookie
};

// What a handler makes of a request, besides an error.
struct answer {
    std::string data = "null";                        // JSON: the envelope's `data`
    std::optional<std::string> document = {};         // JSON; replaces the whole envelope
    std::optional<seen_version> written = {};         // a write's result: goes out as ETag and Userinfo-Version
    std::optional<std::uint64_t> shown_version = {};  // a read's: goes out as ETag
};

// One request, and what becomes of the client's cookies.
struct exchange {
    const http::request& request;
    std::string_view parameter;  // of the path: {id}
    userinfo::call& call;
    gateway::credentials credentials;
    gateway::fields fields;
    std::optional<token_grant> new_cookies = {};  // to be sent, whatever the status
    bool clear_cookies = false;
    bool forget_seen_version = false;
};

using handler_function = task<result<answer>> (routes::*)(exchange&);

struct endpoint {
    http::method method;
    std::string_view pattern;
    gateway::access access;
    failure_codes codes;
    handler_function handle;
};

// All of them, in a fixed order.
std::span<const endpoint> endpoints();

}  // namespace userinfo::gateway
