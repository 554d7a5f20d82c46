// Serializes a reply into one string, because a single write per reply is cheapest.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace userinfo::http {

// The line "Date: ...\r\n" (RFC 9110, section 6.6.1), formatted once a second.
class date_line {
public:
    std::string_view now();

private:
    long long second_ = -1;
    std::string text_;
};

enum class persistence {
    implied,  // kept alive, which is HTTP/1.1's default
    stated,   // kept alive, which an HTTP/1.0 client must be told
    close,
};

struct reply_options {
    std::string_view date_line;
    http::persistence persistence = persistence::implied;
    bool with_body = true;  // false for HEAD
};

void append_reply(std::string& out, const reply& reply, const reply_options& options);

}  // namespace userinfo::http
