#include "gateway/envelope.h"

#include "base/json_writer.h"

namespace userinfo::gateway {

namespace {

constexpr std::size_t usual_headers = 4;

}  // namespace

http::reply make_envelope(unsigned status, int code, std::string_view message, std::string_view data) {
    http::reply reply{.status = status};
    reply.headers.reserve(usual_headers);
    reply.body.reserve(64 + message.size() + data.size());
    json_writer(reply.body)
        .begin_object()
        .member("code", code)
        .member("msg", message)
        .name("data")
        .raw(data)
        .end_object();
    return reply;
}

http::reply make_document(std::string body, std::string_view content_type) {
    http::reply reply{.status = 200, .content_type = content_type, .body = std::move(body)};
    reply.headers.reserve(usual_headers);
    return reply;
}

}  // namespace userinfo::gateway
