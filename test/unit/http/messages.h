// Requests and replies as tests need them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace userinfo::http::test {

using header_list = std::vector<http::header>;

// The texts must outlive the request.
inline http::request request_with(header_list headers, http::method method = http::method::get) {
    http::request request;
    request.method = method;
    request.headers = std::move(headers);
    return request;
}

// The values of all headers of that name, in order.
inline std::vector<std::string> values_of(const http::reply& reply, std::string_view name) {
    std::vector<std::string> values;
    for (const auto& [each, value] : reply.headers) {
        if (each == name) values.push_back(value);
    }
    return values;
}

}  // namespace userinfo::http::test
