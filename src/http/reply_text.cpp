#include "http/reply_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace userinfo::http {
namespace {

std::string_view status_line(unsigned status) {
    switch (status) {
        case 200: return "HTTP/1.1 200 OK\r\n";
        case 204: return "HTTP/1.1 204 No Content\r\n";
        case 302: return "HTTP/1.1 302 Found\r\n";
        case 304: return "HTTP/1.1 304 Not Modified\r\n";
        case 400: return "HTTP/1.1 400 Bad Request\r\n";
        case 401: return "HTTP/1.1 401 Unauthorized\r\n";
        case 403: return "HTTP/1.1 403 Forbidden\r\n";
        case 404: return "HTTP/1.1 404 Not Found\r\n";
        case 405: return "HTTP/1.1 405 Method Not Allowed\r\n";
        case 408: return "HTTP/1.1 408 Request Timeout\r\n";
        case 409: return "HTTP/1.1 409 Conflict\r\n";
        case 412: return "HTTP/1.1 412 Precondition Failed\r\n";
        case 413: return "HTTP/1.1 413 Content Too Large\r\n";
        case 414: return "HTTP/1.1 414 URI Too Long\r\n";
        case 415: return "HTTP/1.1 415 Unsupported Media Type\r\n";
        case 429: return "HTTP/1.1 429 Too Many Requests\r\n";
        case 431: return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
        case 500: return "HTTP/1.1 500 Internal Server Error\r\n";
        case 501: return "HTTP/1.1 501 Not Implemented\r\n";
        case 503: return "HTTP/1.1 503 Service Unavailable\r\n";
        case 505: return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
        default: return {};
    }
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_status_line(std::string& out, unsigned status) {
    if (const auto line = status_line(status); !line.empty()) {
        out += line;
        return;
    }
    // The reason phrase may be empty, but the space before it is required.
    out += "HTTP/1.1 ";
    append_number(out, status);
    out += " \r\n";
}

// A line break in a value would allow header injection and response splitting.
void append_value(std::string& out, std::string_view value) {
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    out += value;
    std::ranges::replace_if(
        out.begin() + begin, out.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

}  // namespace

std::string_view date_line::now() {
    const std::time_t second = std::time(nullptr);
    if (second == second_) return text_;
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc;
    gmtime_r(&second, &utc);
    std::array<char, 64> rest;  // what follows the names, which strftime would take from the locale
    const auto size = std::strftime(rest.data(), rest.size(), " %Y %H:%M:%S GMT\r\n", &utc);
    text_ = "Date: ";
    text_ += days[static_cast<std::size_t>(utc.tm_wday)];
    text_ += utc.tm_mday < 10 ? ", 0" : ", ";
    append_number(text_, static_cast<std::size_t>(utc.tm_mday));
    text_ += ' ';
    text_ += months[static_cast<std::size_t>(utc.tm_mon)];
    text_.append(rest.data(), size);
    second_ = second;
    return text_;
}

void append_reply(std::string& out, const reply& reply, const reply_options& options) {
    append_status_line(out, reply.status);
    out += options.date_line;
    // RFC 9110, sections 8.6 and 15: replies with these statuses have no body.
    const bool may_have_body = reply.status != 204 && reply.status != 304;
    if (may_have_body && !reply.body.empty()) {
        out += "Content-Type: ";
        out += reply.content_type;
        out += "\r\n";
    }
    if (may_have_body) {
        out += "Content-Length: ";
        append_number(out, reply.body.size());
        out += "\r\n";
    }
    out += reply.fixed_lines;
    for (const auto& [name, value] : reply.headers) {
        out += name;
        out += ": ";
        append_value(out, value);
        out += "\r\n";
    }
    switch (options.persistence) {
        case persistence::implied: break;
        case persistence::stated: out += "Connection: keep-alive\r\n"; break;
        case persistence::close: out += "Connection: close\r\n"; break;
    }
    out += "\r\n";
    if (may_have_body && options.with_body) out += reply.body;
}

}  // namespace userinfo::http
