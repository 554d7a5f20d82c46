// The bytes of a connection, cut into requests: however they arrive, the outcome is the same, and what a request says
// is said unambiguously.
#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "fuzz/input.h"
#include "http/request_reader.h"

namespace userinfo::http {
namespace {

using fuzz::require;

struct limits {
    std::size_t header, body;
};

// A request that outlives the reader's buffer.
struct message {
    http::method method;
    std::string path, query, body;
    std::vector<std::pair<std::string, std::string>> headers;
    bool keep_alive, http_1_0;

    bool operator==(const message&) const = default;
};

enum class end { between_requests, in_head, in_body, rejected };

struct outcome {
    std::vector<message> messages;
    http::end end;
    rejection why;
};

message copy_of(const request_reader& reader) {
    const auto& request = reader.request();
    message copy{.method = request.method,
                 .path = std::string(request.path),
                 .query = std::string(request.query),
                 .body = std::string(request.body),
                 .headers = {},
                 .keep_alive = reader.keep_alive(),
                 .http_1_0 = reader.is_http_1_0()};
    for (const auto& [name, value] : request.headers) copy.headers.emplace_back(name, value);
    return copy;
}

// Gives the reader `text` in pieces of at most what `piece()` says.
template <class Piece>
outcome read(std::string_view text, const limits& limits, Piece piece) {
    using progress = request_reader::progress;
    request_reader reader(limits.header, limits.body, "192.0.2.1");
    outcome seen{.messages = {}, .end = end::rejected, .why = {}};
    while (!text.empty()) {
        const auto room = reader.room();
        require(!room.empty(), "a reader that waits has room");
        const auto size = std::min({room.size(), text.size(), piece()});
        std::ranges::copy(text.substr(0, size), room.begin());
        text.remove_prefix(size);
        reader.received(size);
        auto parsed = reader.parse();
        for (; parsed == progress::complete; parsed = reader.parse()) {
            seen.messages.push_back(copy_of(reader));
            reader.next();
        }
        if (parsed == progress::rejected) {
            seen.why = reader.why();
            return seen;
        }
    }
    seen.end = reader.is_in_body() ? end::in_body : reader.is_empty() ? end::between_requests : end::in_head;
    return seen;
}

outcome read_at_once(std::string_view text, const limits& limits) {
    return read(text, limits, [&] { return text.size(); });
}

std::vector<std::string_view> values_of(const message& message, std::string_view name) {
    std::vector<std::string_view> values;
    for (const auto& header : message.headers) {
        if (equal_ignoring_case(header.first, name)) values.push_back(header.second);
    }
    return values;
}

bool is_field_value(std::string_view text) { return std::ranges::none_of(text, is_control) && trim(text) == text; }

bool is_target_part(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return is_control(c) || c == ' ' || c == '\t' || c == '#'; });
}

void check(const message& message, const limits& limits) {
    const bool may_have_no_path = message.method == method::options || message.method == method::other;
    require(message.path.starts_with('/') || (message.path == "*" && may_have_no_path), "a path begins with a slash");
    require(is_target_part(message.path), "a path is one");
    require(is_target_part(message.query), "a query is one");
    require(message.headers.size() <= 100, "there are at most 100 header fields");
    for (const auto& [name, value] : message.headers) {
        require(!name.empty() && std::ranges::all_of(name, is_token), "a field's name is a token");
        require(is_field_value(value), "a field's value has no control characters and is trimmed");
    }
    require(message.body.size() <= limits.body, "a body keeps its limit");

    const auto lengths = values_of(message, "Content-Length");
    const auto codings = values_of(message, "Transfer-Encoding");
    const auto hosts = values_of(message, "Host");
    require(lengths.size() + codings.size() <= 1, "a body has one framing");
    require(hosts.size() <= 1 && (hosts.size() == 1 || message.http_1_0), "HTTP/1.1 names its host, once");
    require(codings.empty() || !message.http_1_0, "HTTP/1.0 has no transfer coding");
    if (lengths.empty() && codings.empty()) require(message.body.empty(), "no body without framing");
    if (!lengths.empty()) {
        const auto digits = lengths[0].substr(std::min(lengths[0].find_first_not_of('0'), lengths[0].size()));
        require((digits.empty() ? "0" : digits) == std::to_string(message.body.size()), "the length is the body's");
    }
}

bool is_framing(std::string_view name) {
    return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Transfer-Encoding");
}

// Method and path. The authority of CONNECT is not kept.
std::string first_words_of(const message& message) {
    switch (message.method) {
        case method::unknown: return "BREW " + message.path;
        case method::other: return message.path == "*" ? "CONNECT a:1" : "PATCH " + message.path;
        default: return std::string(to_string(message.method)) + ' ' + message.path;
    }
}

// The request as another server would pass it on.
std::string write(const message& message) {
    std::string text(first_words_of(message));
    if (!message.query.empty()) text.append("?").append(message.query);
    text.append(message.http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    for (const auto& [name, value] : message.headers) {
        if (!is_framing(name)) text.append(name).append(": ").append(value).append("\r\n");
    }
    if (!message.body.empty())
        text.append("Content-Length: ").append(std::to_string(message.body.size())).append("\r\n");
    return text.append("\r\n").append(message.body);
}

void check_passing_on(message original) {
    const auto again = read_at_once(write(original), {.header = 1 << 20, .body = 1 << 20});
    require(again.end == end::between_requests && again.messages.size() == 1, "a request passed on is one request");
    auto copy = again.messages[0];
    std::erase_if(original.headers, [](const auto& header) { return is_framing(header.first); });
    std::erase_if(copy.headers, [](const auto& header) { return is_framing(header.first); });
    require(copy == original, "a request passed on says the same");
}

bool is_too_large(rejection why) { return why == rejection::headers_too_large || why == rejection::target_too_long; }

void check_bytes(fuzz::input input) {
    const auto choice = input.byte();
    const limits limits{.header = choice & 1 ? std::size_t(200) : 16 * 1024,
                        .body = choice & 2 ? std::size_t(20) : 64 * 1024};
    std::minstd_rand random(input.byte() + 1);
    std::uniform_int_distribution<std::size_t> piece(1, 1 + input.byte());
    const auto text = input.rest();

    const auto whole = read_at_once(text, limits);
    const auto split = read(text, limits, [&] { return piece(random); });
    require(whole.messages == split.messages, "the pieces do not change the requests");
    require(whole.end == split.end, "the pieces do not change how it ends");
    // A head that is too large and wrong is refused for what is seen first.
    const bool any_too_large = is_too_large(whole.why) || is_too_large(split.why);
    require(whole.why == split.why || any_too_large, "the pieces do not change why it is refused");
    for (const auto& message : whole.messages) {
        check(message, limits);
        check_passing_on(message);
    }
}

}  // namespace
}  // namespace userinfo::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::http::check_bytes({data, size});
    return 0;
}
