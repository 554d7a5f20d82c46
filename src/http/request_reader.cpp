#include "http/request_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/ascii.h"

namespace userinfo::http {
namespace {

constexpr std::size_t idle_capacity = 4096;
constexpr std::size_t least_room = 512;
constexpr std::size_t idle_headers = 32;
constexpr std::size_t longest_method = 32;

// Why no request begins like this. Rejects anything but HTTP before its first line feed, and looks no further than a
// method can reach, so that it does not matter in which pieces the text comes.
std::optional<rejection> fault_of_beginning(std::string_view text) {
    const auto begin = text.substr(0, longest_method + 1);
    const auto method = begin.substr(0, begin.find(' '));
    if (!std::ranges::all_of(method, is_token)) return rejection::malformed;
    if (method.size() > longest_method) return rejection::unknown_method;
    return std::nullopt;
}

}  // namespace

request_reader::request_reader(std::size_t header_limit, std::size_t body_limit, std::string_view peer_address,
                               std::function<bool()> client_left)
    : header_limit_(header_limit), body_limit_(body_limit) {
    request_.peer_address = peer_address;
    request_.client_left = std::move(client_left);
}

std::span<char> request_reader::room() {
    if (is_empty()) {
        begin_ = end_ = line_ = 0;
        if (capacity_ != idle_capacity) move_to_front(idle_capacity);
        if (request_.headers.capacity() > idle_headers) request_.headers = {};
    }
    const bool length_is_known = in_body_ && !framing_.chunked;
    const auto wanted = length_is_known ? body_ - begin_ + static_cast<std::size_t>(framing_.content_length)
                                        : end_ - begin_ + least_room;
    if (wanted > capacity_)
        move_to_front(std::max(wanted, 2 * capacity_));
    else if (begin_ + wanted > capacity_)
        move_to_front(capacity_);
    return {buffer_.get() + end_, capacity_ - end_};
}

void request_reader::give_memory_back() {
    wipe_from(0, capacity_);
    begin_ = end_ = line_ = capacity_ = 0;
    buffer_.reset();
    request_.headers = {};
}

void request_reader::received(std::size_t size) { end_ += size; }

auto request_reader::parse() -> progress {
    if (!in_body_) {
        const auto whole = read_head();
        if (!whole) return reject(whole.error());
        if (!*whole) return progress::incomplete;
    }
    return read_body();
}

void request_reader::next() {
    if (request_end_ != body_) {
        wipe_from(body_, request_end_);
        // The dynamic linker saves vector registers there, with what was copied last, when a library is bound late.
        wipe_stack();
    }
    begin_ = line_ = request_end_;
    in_body_ = skipped_blank_line_ = false;
    chunks_.reset();
}

bool request_reader::take_expectation() {
    const bool waits = in_body_ && framing_.expects_continue && end_ == body_;
    framing_.expects_continue = false;
    return waits;
}

auto request_reader::reject(rejection why) -> progress {
    why_ = why;
    framing_.keep_alive = false;
    return progress::rejected;
}

// RFC 9112, section 2.2: some clients send an empty line after a body.
void request_reader::skip_blank_line() {
    if (skipped_blank_line_ || !text(begin_, end_).starts_with("\r\n")) return;
    skipped_blank_line_ = true;
    line_ = begin_ += 2;
}

std::expected<bool, rejection> request_reader::find_head_end() {
    for (std::size_t size = 0; (size = text(line_, end_).find('\n')) != std::string_view::npos;) {
        const auto line = text(line_, line_ + size);
        // Servers interpret a bare line feed and a folded line (RFC 9112, section 5.2) differently.
        if (!line.ends_with('\r') || line.starts_with(' ') || line.starts_with('\t'))
            return std::unexpected(rejection::malformed);
        line_ += size + 1;
        if (line.size() == 1) {
            body_ = line_;
            return true;
        }
    }
    return false;
}

std::expected<bool, rejection> request_reader::read_head() {
    skip_blank_line();
    if (text(begin_, end_) == "\r") return false;
    if (const auto fault = fault_of_beginning(text(begin_, end_))) return std::unexpected(*fault);
    const auto ended = find_head_end();
    if (!ended) return ended;
    const auto come = text(begin_, *ended ? body_ : end_);
    const auto line_limit = header_limit_ / 2;
    if (come.size() > line_limit && come.find('\n') > line_limit) return std::unexpected(rejection::target_too_long);
    if (come.size() > header_limit_) return std::unexpected(rejection::headers_too_large);
    if (!*ended) return false;
    auto framing = http::parse_head(come, request_);
    const bool is_another_version = !framing && framing.error() == rejection::version;
    if (is_another_version && lower_version({buffer_.get() + begin_, come.size()}))
        framing = http::parse_head(come, request_);
    if (!framing) return std::unexpected(framing.error());
    framing_ = *framing;
    in_body_ = true;
    decoded_ = body_;
    if (framing_.chunked) chunks_.emplace(body_limit_);
    return true;
}

auto request_reader::read_body() -> progress {
    if (framing_.chunked) return read_chunks();
    if (framing_.content_length > body_limit_) return reject(rejection::body_too_large);
    const auto body_end = body_ + static_cast<std::size_t>(framing_.content_length);
    return end_ < body_end ? progress::incomplete : finish(body_end, body_end);
}

auto request_reader::read_chunks() -> progress {
    const auto [status, consumed, produced] = chunks_->decode(buffer_.get() + decoded_, end_ - decoded_);
    const auto request_end = decoded_ + consumed;
    decoded_ += produced;
    switch (status) {
        case chunked_body::status::incomplete:
            wipe_from(decoded_, end_);
            end_ = decoded_;
            return progress::incomplete;
        case chunked_body::status::complete: return finish(decoded_, request_end);
        case chunked_body::status::malformed: return reject(rejection::malformed);
        case chunked_body::status::too_large: return reject(rejection::body_too_large);
    }
    return reject(rejection::malformed);
}

auto request_reader::finish(std::size_t body_end, std::size_t request_end) -> progress {
    request_.body = text(body_, body_end);
    request_end_ = request_end;
    return progress::complete;
}

void request_reader::move_to_front(std::size_t capacity) {
    const auto size = end_ - begin_;
    if (capacity == capacity_) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, size);
        wipe_from(size, end_);
    } else {
        auto larger = std::make_unique_for_overwrite<char[]>(capacity);
        if (size != 0) std::memcpy(larger.get(), buffer_.get() + begin_, size);
        wipe_from(0, capacity_);
        buffer_ = std::move(larger);
        capacity_ = capacity;
    }
    line_ -= begin_;
    body_ -= begin_;
    decoded_ -= begin_;
    begin_ = 0;
    end_ = size;
    // The request's views still point to the head's previous position.
    if (in_body_) static_cast<void>(http::parse_head(text(0, body_), request_));
}

}  // namespace userinfo::http
