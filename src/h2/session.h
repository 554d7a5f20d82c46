// One connection of HTTP/2 (RFC 9113), either side: nghttp2 knows the protocol, this carries the bytes. What several
// coroutines have to say goes out together.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/container/small_vector.hpp>
#include <nghttp2/nghttp2.h>

#include "base/task.h"
#include "h2/byte_stream.h"
#include "h2/metadata.h"

namespace userinfo::h2 {

// The header fields of one message on their way out. What they name must live until they are submitted.
class field_list {
public:
    void add(std::string_view name, std::string_view value) { add(name, value, NGHTTP2_NV_FLAG_NONE); }
    // Of other values nearly every time: neither side keeps them for the next message (RFC 7541, section 2.3.2).
    void add(const fields& fields);

    const nghttp2_nv* data() const { return fields_.data(); }
    std::size_t size() const { return fields_.size(); }

private:
    void add(std::string_view name, std::string_view value, std::uint8_t flags);

    boost::container::small_vector<nghttp2_nv, 16> fields_;
};

// What is still to be sent on a stream.
struct outbox {
    std::string bytes;
    std::size_t sent = 0;
    bool is_complete = false;  // nothing will be added
};

// Belongs to one io_context: everything is to be called on its thread.
class session : public std::enable_shared_from_this<session> {
public:
    enum class side { client, server };
    using stream_id = std::int32_t;

    virtual ~session() = default;
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // At once. Nothing more is sent or received.
    void close();
    bool is_closed() const { return closed_; }

protected:
    session(io_executor executor, side side);

    io_executor executor() const { return executor_; }
    nghttp2_session* http2() { return http2_.get(); }
    // When bytes came last.
    std::chrono::steady_clock::time_point heard() const { return heard_; }

    // Carries bytes over `stream` until the session has ended.
    task<void> carry(std::unique_ptr<byte_stream> stream);

    // Sends what nghttp2 has to say, after what is ready to run has run and perhaps has more.
    void flush_soon();

    // Has `outbox_of(stream)` sent as the stream's data.
    static nghttp2_data_provider data_of_outbox();

    // The other side is there, is whom it should be, and speaks HTTP/2. Once.
    virtual void connected() {}
    // What nghttp2 tells; none of these may end the session's life.
    virtual void header(stream_id stream, std::string_view name, std::string_view value) = 0;
    virtual void received(stream_id stream, std::string_view bytes) = 0;
    virtual void stream_begun(stream_id) {}
    virtual void headers_complete(stream_id) {}
    virtual void peer_finished(stream_id stream) = 0;
    virtual void stream_closed(stream_id stream, std::uint32_t error) = 0;
    virtual void not_sent(stream_id) {}
    virtual void going_away() {}
    // Null: nobody has anything to send on it any more.
    virtual outbox* outbox_of(stream_id stream) = 0;
    // All of an outbox that is complete was sent. Returns whether trailers that were submitted end the stream, not
    // data.
    virtual bool all_sent(stream_id) { return false; }
    // Once.
    virtual void closed() = 0;

private:
    struct callbacks;
    struct deleter {
        void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
    };

    void flush();
    bool is_over();

    const io_executor executor_;
    const std::unique_ptr<nghttp2_session, deleter> http2_;
    std::unique_ptr<byte_stream> stream_;  // null: not connected yet
    std::string unsent_;
    std::chrono::steady_clock::time_point heard_;
    bool carries_ = false;  // the stream may be written to
    bool connected_ = false;
    bool flushing_ = false;  // a flush is on its way, or waits for the peer to read
    bool closed_ = false;
};

}  // namespace userinfo::h2
