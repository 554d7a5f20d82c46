// One side of an HTTP/2 connection (RFC 9113). nghttp2 implements the protocol; this class moves the bytes. It sends
// what several coroutines have written in one go.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/container/small_vector.hpp>
#include <nghttp2/nghttp2.h>

#include "base/secret_string.h"
#include "base/task.h"
#include "h2/byte_stream.h"
#include "h2/header_blocks.h"
#include "h2/metadata.h"

namespace userinfo::h2 {

// The header fields of one outgoing message. The strings they refer to must live until the fields are submitted.
class field_list {
public:
    void add(std::string_view name, std::string_view value) { add(name, value, NGHTTP2_NV_FLAG_NONE); }
    // Adds fields whose values rarely repeat. They are not indexed for later messages (RFC 7541, section 2.3.2).
    void add(const fields& fields);

    const nghttp2_nv* data() const { return fields_.data(); }
    std::size_t size() const { return fields_.size(); }

private:
    void add(std::string_view name, std::string_view value, std::uint8_t flags);

    boost::container::small_vector<nghttp2_nv, 16> fields_;
};

using stream_id = std::int32_t;

// The unsent data of a stream.
struct outbox {
    secret_string bytes;
    std::size_t sent = 0;
    bool is_complete = false;  // nothing more will be added
};

// Belongs to one io_context. All functions must be called on its thread.
class connection : public std::enable_shared_from_this<connection> {
public:
    enum class side { client, server };

    virtual ~connection() = default;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Takes effect immediately: nothing more is sent or received.
    void close();
    bool is_closed() const { return closed_; }

    // Whether the peer has closed the connection, even if that has not been read yet. Costs a system call.
    bool peer_has_left() const;

protected:
    connection(io_executor executor, side side);

    io_executor executor() const { return executor_; }
    nghttp2_session* http2() { return http2_.get(); }
    // When the last bytes arrived.
    std::chrono::steady_clock::time_point heard() const { return heard_; }
    // Since when the peer has read nothing although there is something to send. Empty if it reads.
    std::optional<std::chrono::steady_clock::time_point> stuck_since() const { return stuck_since_; }

    // Moves bytes over `stream` until the connection has ended.
    task<void> carry(std::unique_ptr<byte_stream> stream);

    // Sends nghttp2's pending output after the handlers that are already queued have run, because they may add to it.
    void flush_soon();

    // Makes nghttp2 send `outbox_of(stream)` as the stream's data.
    static nghttp2_data_provider data_of_outbox();

    // Called once, when the peer is connected, authenticated and speaks HTTP/2.
    virtual void connected() {}
    // nghttp2's callbacks. None of them may destroy the connection.
    virtual void header(stream_id stream, std::string_view name, std::string_view value) = 0;
    virtual void received(stream_id stream, std::string_view bytes) = 0;
    virtual void stream_begun(stream_id) {}
    virtual void headers_complete(stream_id) {}
    virtual void peer_finished(stream_id stream) = 0;
    virtual void stream_closed(stream_id stream, std::uint32_t error) = 0;
    virtual void not_sent(stream_id) {}
    virtual void going_away() {}
    // Null if there is nothing more to send on the stream.
    virtual outbox* outbox_of(stream_id stream) = 0;
    // Called when all of a complete outbox has been sent. Returns true if submitted trailers end the stream instead of
    // the data.
    virtual bool all_sent(stream_id) { return false; }
    // Called once.
    virtual void closed() = 0;

private:
    struct callbacks;
    struct deleter {
        void operator()(nghttp2_session* http2) const { nghttp2_session_del(http2); }
    };

    bool receive(std::string_view bytes);
    void flush();
    bool pull();
    void flush_when_writable();
    bool is_over();
    bool is_flooded();

    const io_executor executor_;
    const side side_;
    const std::unique_ptr<nghttp2_session, deleter> http2_;
    header_blocks blocks_;
    std::unique_ptr<byte_stream> stream_;  // null until it is connected
    secret_string unsent_;
    std::size_t header_list_ = 0;  // the size of what has come of the header block that is being read
    std::chrono::steady_clock::time_point heard_;
    std::optional<std::chrono::steady_clock::time_point> stuck_since_;
    bool carries_ = false;  // the stream may be written to
    bool connected_ = false;
    bool flushing_ = false;  // a flush is scheduled, or waits for the peer to read
    bool closed_ = false;
};

}  // namespace userinfo::h2
