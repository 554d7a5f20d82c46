// What If-Match and If-None-Match do to the requests whose handlers do not look at them (RFC 9110 section 13).
#pragma once

#include "base/result.h"
#include "gateway/endpoint.h"
#include "http/message.h"

namespace userinfo::gateway {

// The handler of a request under its conditions. What has no version cannot be deleted at one: if the condition names
// one, the handler refuses. To ignore the condition would delete what the client did not mean. What the request would
// fail for without its condition goes first. A POST that writes no profile selects no representation, so its conditions
// mean nothing (both section 13.2.1).
// errc::invalid_argument: see entity_tags.h.
result<endpoint_handler> handler_under_conditions(const endpoint& endpoint, const http::request& request);

// The answer to a read that has succeeded, under its conditions: `found`, or that the client has it already, or
// errc::version_mismatch. errc::invalid_argument: see entity_tags.h.
result<answer> shown_under_conditions(const http::request& request, answer found);

// The envelope codes of conditions that cannot be read.
const failure_codes& codes_of_conditions(const endpoint& endpoint);

}  // namespace userinfo::gateway
