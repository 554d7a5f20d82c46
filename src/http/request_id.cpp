#include "http/request_id.h"

#include "base/request_id.h"

namespace userinfo::http {

std::string request_id_of(const request& request) { return usable_request_id(request.header_value("X-Request-Id")); }

}  // namespace userinfo::http
