// What the gateway offers: the endpoints, and what their handlers are given and answer.
#pragma once

#include <chrono>
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

// The envelope codes of an endpoint's failures; those that mean the same everywhere are in error_reply.h. Those from
// 100001 and from 200001 to 200003 on are the reference system's: clients know them.
struct failure_codes {
    int bad_request;
    int conflict;
    int not_found;
    int failed;
};

// Who may call an endpoint.
enum class access {
    anyone,   // tokens are never renewed on the way
    session,  // who has a live session; an expired access cookie is renewed from the refresh cookie
};

// What a handler makes of a request, besides an error.
struct answer {
    std::string data = "null";                        // JSON: the envelope's `data`
    std::optional<std::string> document = {};         // JSON; replaces the whole envelope
    std::chrono::seconds kept{0};                     // by any cache, for so long; 0: by none
    std::optional<seen_version> written = {};         // a write's result: goes out as ETag and Userinfo-Version
    std::optional<std::uint64_t> shown_version = {};  // a read's: goes out as ETag
};

// One request on its way through its handler, and what becomes of the client's cookies.
struct request_context {
    const http::request& request;
    std::string_view parameter;  // of the path: {id}
    userinfo::call& call;
    gateway::credentials credentials;
    gateway::fields fields;
    std::optional<token_grant> new_cookies = {};  // to be sent, whatever the status
    bool clear_cookies = false;
    bool forget_seen_version = false;
};

// Reads the request's fields, calls the service, writes the data of the reply.
using handler = task<result<answer>> (*)(userinfo_service&, request_context&);

struct endpoint {
    http::method method;
    std::string_view pattern;
    gateway::access access;
    failure_codes codes;
    handler handle;
};

// All of them, in a fixed order.
std::span<const endpoint> endpoints();

}  // namespace userinfo::gateway
