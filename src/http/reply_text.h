// A reply as the bytes that go out, in one piece: one write a reply is what makes it cheap.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace userinfo::http {

// The line "Date: ...\r\n" (RFC 9110, section 6.6.1), written anew once a second.
class date_line {
public:
    std::string_view now();

private:
    long long second_ = -1;
    std::string text_;
};

enum class persistence {
    implied,  // kept alive, as HTTP/1.1 takes it to be
    stated,   // kept alive, and a client of HTTP/1.0 must be told so
    close,
};

struct reply_options {
    std::string_view date_line;
    http::persistence persistence = persistence::implied;
    bool with_body = true;  // false: to HEAD
};

void append_reply(std::string& out, const reply& reply, const reply_options& options);

}  // namespace userinfo::http
