// Splits the bytes of one connection into requests. It does no I/O, so tests need no socket. A body may contain a
// password, so it is wiped when its request is answered, and all memory is wiped when it is released.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/wipe.h"
#include "http/chunked_body.h"
#include "http/message.h"
#include "http/request_head.h"

namespace userinfo::http {

class request_reader {
public:
    enum class progress { incomplete, complete, rejected };

    // The request line has at most half of `header_limit`. `peer_address` and `client_left` are the same for all
    // requests of the connection.
    request_reader(std::size_t header_limit, std::size_t body_limit, std::string_view peer_address,
                   std::function<bool()> client_left = {});
    ~request_reader() { give_memory_back(); }
    request_reader(const request_reader&) = delete;
    request_reader& operator=(const request_reader&) = delete;

    // The buffer for the connection's next bytes. An empty reader first releases memory that a large request needed.
    std::span<char> room();
    // Releases all memory. The reader must be empty or have rejected a request.
    void give_memory_back();
    // Reports how many bytes were written to `room`.
    void received(std::size_t size);

    // Parses what has been received. After `complete`, call `next`. After `rejected`, the reader is done.
    progress parse();

    // After `complete`. Valid until `next`.
    const http::request& request() const { return request_; }
    bool keep_alive() const { return framing_.keep_alive; }
    bool is_http_1_0() const { return framing_.http_1_0; }

    std::string_view peer_address() const { return request_.peer_address; }

    // After `rejected`.
    rejection why() const { return why_; }

    // Whether the method is already known to be HEAD, whose reply has no body.
    bool is_head() const { return in_body_ && request_.method == method::head; }

    // Drops the complete request and wipes its body. Bytes that follow it stay.
    void next();

    // After `incomplete`: no byte of the next request has arrived (is_empty), or its head has arrived and the body is
    // pending (is_in_body).
    bool is_empty() const { return begin_ == end_; }
    bool is_in_body() const { return in_body_; }

    // Returns true once for each request whose client waits for "100 Continue".
    bool take_expectation();

private:
    progress reject(rejection why);
    void skip_blank_line();
    std::expected<bool, rejection> find_head_end();
    std::expected<bool, rejection> read_head();
    progress read_body();
    progress read_chunks();
    progress finish(std::size_t body_end, std::size_t request_end);
    void move_to_front(std::size_t capacity);
    void wipe_from(std::size_t from, std::size_t to) { wipe(std::span(buffer_.get() + from, to - from)); }
    std::string_view text(std::size_t from, std::size_t to) const { return {buffer_.get() + from, to - from}; }

    const std::size_t header_limit_;
    const std::size_t body_limit_;

    // [begin_, end_) holds the bytes that were received and not consumed yet.
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t line_ = 0;         // start of the first head line that is incomplete
    std::size_t body_ = 0;         // end of the head
    std::size_t decoded_ = 0;      // end of the decoded chunks
    std::size_t request_end_ = 0;  // after `complete`
    bool in_body_ = false;         // the head is complete
    bool skipped_blank_line_ = false;

    http::request request_;
    http::framing framing_;
    std::optional<chunked_body> chunks_;
    rejection why_ = rejection::malformed;
};

}  // namespace userinfo::http
