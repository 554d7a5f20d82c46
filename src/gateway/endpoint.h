// An endpoint of the HTTP API: its row in the table, and what its handler gets and returns.
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
#include "gateway/product.h"
#include "http/message.h"
#include "service/userinfo_service.h"

namespace userinfo::gateway {

// The envelope codes of an endpoint's own failures. Codes with one meaning for all endpoints are in error_reply.h.
// 100001 to 100004 and 200001 to 200004 come from the reference system: existing clients know them.
struct failure_codes {
    int bad_request;
    int conflict;
    int not_found;
    int failed;
};

// What an endpoint does with the tokens of a request.
enum class access {
    anyone,      // reads none, so that cookies do not matter
    each_token,  // takes every one that the cookies hold, to end them all
    one_token,   // needs one; a cookie that is sent twice is refused, unless the body has the token
    session,     // needs a live session: as `one_token`; the gateway renews an expired access cookie
    visitor,     // as `session` if there is a live one; else the handler is called without a token
};

// The result of a handler, unless it is an error.
struct answer {
    std::string data = "null";                 // JSON, the `data` of the envelope
    std::optional<std::string> document = {};  // JSON that replaces the whole envelope
    std::chrono::seconds kept{0};              // how long any cache may keep the reply; 0: no cache may
    std::optional<seen_version> written = {};  // after a write, `shown` after a read: sent as ETag and
    std::optional<seen_version> shown = {};    // Userinfo-Version
    std::string tag = {};                      // the ETag of what has no version
    bool for_every_origin = false;             // whether pages of any site may read the reply
    bool not_modified = false;                 // 304: the client has it already
    std::string device = {};                   // after a log-in of a program: sent as Userinfo-Device
};

// A request as its handler sees it, and what happens to the client's cookies.
struct request_context {
    const http::request& request;
    std::string_view parameter;  // {id} in the path
    userinfo::call& call;
    gateway::credentials credentials;
    gateway::fields fields;
    const gateway::product& product;
    cookie_tokens all_tokens = {};                // with access::each_token
    std::optional<token_grant> new_cookies = {};  // sent with any status
    bool clear_cookies = false;
    bool forget_seen_version = false;
};

// Reads the fields of the request, calls the service and writes the data of the reply.
using endpoint_handler = task<result<answer>> (*)(userinfo_service&, request_context&);

struct endpoint {
    http::method method;
    std::string_view pattern;
    gateway::access access;
    failure_codes codes;
    endpoint_handler handle;
    // Whether If-Match and If-None-Match can name a version of what it serves. The handler of a write then looks at
    // them; for a read the gateway does, when it has succeeded.
    bool has_versions = false;
    // Answers a DELETE of what has no versions if its condition is not met, and changes nothing. Null: whatever else
    // the request fails for, but a missing log-in, shows only in its body.
    endpoint_handler refuse = nullptr;
};

// All endpoints, in a fixed order.
std::span<const endpoint> endpoints();

}  // namespace userinfo::gateway
