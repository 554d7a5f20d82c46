// No other file includes Beast, so Beast needs no separate compilation.
#include "http/request_head.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

#include "base/ascii.h"
#include "base/comma_list.h"
#include "base/port.h"

namespace userinfo::http {
namespace {

namespace beast = boost::beast;

constexpr std::size_t max_headers = 100;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

method to_method(beast::http::verb verb) {
    switch (verb) {
        case beast::http::verb::get: return method::get;
        case beast::http::verb::head: return method::head;
        case beast::http::verb::post: return method::post;
        case beast::http::verb::put: return method::put;
        case beast::http::verb::delete_: return method::delete_;
        case beast::http::verb::options: return method::options;
        case beast::http::verb::patch:
        case beast::http::verb::trace:
        case beast::http::verb::connect: return method::other;
        default: return method::unknown;
    }
}

// uri-host [ ":" port ] (RFC 3986, section 3.2.2), without user information.
bool is_host(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return is_alphanumeric(c) || std::string_view("-._~!$&'()*+,;=%:[]").contains(c); });
}

// With a port, as CONNECT needs one.
bool is_authority(std::string_view text) {
    const auto colon = text.rfind(':');
    return colon != text.npos && colon != 0 && is_host(text) && parse_port(text.substr(colon + 1));
}

bool has_element(std::string_view list, std::string_view wanted) {
    return std::ranges::any_of(comma_list(list),
                               [&](std::string_view each) { return equal_ignoring_case(each, wanted); });
}

// Another HTTP version gets its own rejection; garbage does not.
rejection to_rejection(const beast::error_code& error, std::string_view head) {
    if (error != beast::http::error::bad_version) return rejection::malformed;
    const auto line = head.substr(0, head.find('\r'));
    const auto version = line.substr(line.rfind(' ') + 1);
    const bool is_version = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                            version[6] == '.' && is_digit(version[7]);
    return is_version && std::ranges::count(line, ' ') == 2 && head.substr(line.size()).starts_with("\r\n")
               ? rejection::version
               : rejection::malformed;
}

// Beast parses the request line and the fields and rejects contradictions. This code rejects what Beast is too lenient
// about.
class head_parser final : public beast::http::basic_parser<true> {
public:
    explicit head_parser(request& into) : into_(into) {
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(boost::none);
        into_.headers.clear();
    }

    std::expected<framing, rejection> parse(std::string_view head) {
        beast::error_code error;
        put({head.data(), head.size()}, error);
        if (error) return std::unexpected(why_.value_or(to_rejection(error, head)));
        if (const auto wrong = find_fault()) return std::unexpected(*wrong);
        return framing{.keep_alive = keep_alive(),
                       .http_1_0 = version_ == 10,
                       .chunked = chunked(),
                       .expects_continue = expects_continue_ && version_ != 10,
                       .content_length = content_length().value_or(0)};
    }

private:
    void refuse(rejection why, beast::error_code& error) {
        why_ = why;
        error = beast::http::error::bad_value;
    }

    // Sets path and query from the target in any of its four forms (RFC 9112, section 3.2). Only OPTIONS has the
    // asterisk-form, and only CONNECT the authority-form. The authority of an absolute-form replaces `Host`, so that
    // the two need not agree (section 3.2.2). Nothing here depends on either: the settings say what our URL is.
    bool split_target(std::string_view target, bool is_connect) {
        if (target.contains('#')) return false;
        if (is_connect ? is_authority(target) : into_.method == method::options && target == "*") {
            into_.path = "*";
            into_.query = {};
            return true;
        }
        for (const std::string_view scheme : {"http://", "https://"})
            if (equal_ignoring_case(target.substr(0, scheme.size()), scheme)) {
                target.remove_prefix(scheme.size());
                const auto end = std::min(target.find_first_of("/?"), target.size());
                const auto authority = target.substr(0, end);
                target.remove_prefix(end);
                if (authority.empty() || !is_host(authority)) return false;
                if (!target.starts_with('/')) {
                    // Section 3.2.4: OPTIONS of a URL without path and query asks about the server.
                    into_.path = into_.method == method::options && target.empty() ? "*" : "/";
                    into_.query = target.substr(target.empty() ? 0 : 1);
                    return true;
                }
                break;
            }
        if (!target.starts_with('/')) return false;
        const auto mark = std::min(target.find('?'), target.size());
        into_.path = target.substr(0, mark);
        into_.query = target.substr(std::min(mark + 1, target.size()));
        return true;
    }

    std::optional<rejection> find_fault() const {
        const bool host_is_missing = !has_host_ && version_ != 10;
        // RFC 9112, section 6.1: HTTP/1.0 has no transfer codings.
        const bool chunked_too_early = version_ == 10 && has_coding_;
        if (host_is_missing || chunked_too_early) return rejection::malformed;
        return std::nullopt;
    }

    void on_request_impl(beast::http::verb verb, beast::string_view, beast::string_view target, int version,
                         beast::error_code& error) override {
        into_.method = to_method(verb);
        version_ = version;
        if (!split_target(view(target), verb == beast::http::verb::connect)) refuse(rejection::malformed, error);
    }

    void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view text,
                       beast::error_code& error) override {
        if (into_.headers.size() == max_headers) return refuse(rejection::headers_too_large, error);
        const auto value = view(text);
        if (!check_field(field, value)) return refuse(rejection::malformed, error);
        into_.headers.push_back({view(name), value});
    }

    bool check_field(beast::http::field field, std::string_view value) {
        switch (field) {
            case beast::http::field::host: return !std::exchange(has_host_, true) && is_host(value);
            case beast::http::field::content_length:
                // Beast also accepts lists of equal numbers.
                return !std::exchange(has_length_, true) && std::ranges::all_of(value, userinfo::is_digit);
            case beast::http::field::transfer_encoding:
                // Beast would read a body in an unknown coding as the next request.
                return !std::exchange(has_coding_, true) && equal_ignoring_case(value, "chunked");
            case beast::http::field::expect:
                expects_continue_ = expects_continue_ || has_element(value, "100-continue");
                return true;
            default: return true;
        }
    }

    void on_header_impl(beast::error_code&) override {}
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override { return 0; }
    void on_finish_impl(beast::error_code&) override {}

    request& into_;
    std::optional<rejection> why_;
    int version_ = 0;
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_coding_ = false;
    bool expects_continue_ = false;
};

}  // namespace

bool lower_version(std::span<char> head) {
    const std::string_view text(head.data(), head.size());
    const auto line = text.substr(0, text.find("\r\n"));
    constexpr std::string_view major = " HTTP/1.";
    if (line.size() <= major.size() || !line.substr(0, line.size() - 1).ends_with(major)) return false;
    auto& minor = head[line.size() - 1];
    if (!is_digit(minor) || minor < '2') return false;
    minor = '1';
    return true;
}

std::expected<framing, rejection> parse_head(std::string_view head, request& into) {
    return head_parser(into).parse(head);
}

}  // namespace userinfo::http
