#include "h2/connection.h"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <boost/asio/post.hpp>

#include "net/client_left.h"

namespace userinfo::h2 {

namespace {

using boost::system::error_code;

// In bytes. nghttp2 opens the window again as bytes arrive: what the calls may hold is counted (h2/held_bytes.h).
constexpr std::int32_t connection_window = 1024 * 1024;

// How many streams the peer may reset: as a burst, and per second on average. A gateway cancels calls that nobody waits
// for.
constexpr std::uint64_t reset_burst = 10'000;
constexpr std::uint64_t reset_rate = 1'000;

// A header block is read to its end even if it is too large for the call, because later blocks build on it (RFC 7541,
// section 2.2). Past this size, in bytes, the connection ends: a few bytes on the wire can be many here.
constexpr std::size_t longest_header_list = header_blocks::longest;
// Each has 16 KB, the default of SETTINGS_MAX_FRAME_SIZE.
constexpr std::size_t most_continuations = longest_header_list / (16 * 1024);

// In bytes: how much is taken from nghttp2 before the socket takes it.
constexpr std::size_t most_unsent = 256 * 1024;
// How many frames may wait for a client that does not read. A full load of calls needs two each.
constexpr std::size_t most_waiting_frames = 4'096;

// The settings that are announced to the peer.
constexpr nghttp2_settings_entry most_headers{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, most_metadata};
constexpr std::array server_settings{nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1'000},
                                     most_headers};
constexpr std::array client_settings{nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}, most_headers};

struct option_deleter {
    void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};
struct callbacks_deleter {
    void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};

// These functions of nghttp2 fail only if memory runs out.
void require(int outcome) {
    if (outcome != 0) throw std::bad_alloc();
}

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

std::uint8_t* bytes_of(std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}

}  // namespace

void field_list::add(const fields& fields) {
    for (const auto& [key, value] : fields) add(key, value, NGHTTP2_NV_FLAG_NO_INDEX);
}

void field_list::add(std::string_view name, std::string_view value, std::uint8_t flags) {
    fields_.push_back({bytes_of(name), bytes_of(value), name.size(), value.size(), flags});
}

// nghttp2's callbacks, which find their connection through the user pointer.
struct connection::callbacks {
    static connection& of(void* self) { return *static_cast<connection*>(self); }

    static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* self) {
        of(self).header_list_ = 0;
        if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
            of(self).stream_begun(frame->hd.stream_id);
        return 0;
    }

    static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                      const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* self) {
        auto& listed = of(self).header_list_;
        listed += listed_size(text_of(name, name_size), text_of(value, value_size));
        if (listed > longest_header_list) return NGHTTP2_ERR_CALLBACK_FAILURE;
        of(self).header(frame->hd.stream_id, text_of(name, name_size), text_of(value, value_size));
        return 0;
    }

    static int data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes, std::size_t size,
                    void* self) {
        of(self).received(stream, text_of(bytes, size));
        return 0;
    }

    static int frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
        if (frame->hd.type == NGHTTP2_SETTINGS && !std::exchange(of(self).connected_, true)) of(self).connected();
        if (frame->hd.type == NGHTTP2_GOAWAY) of(self).going_away();
        if (frame->hd.type == NGHTTP2_HEADERS) of(self).headers_complete(frame->hd.stream_id);
        const bool carries_messages = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
        if (carries_messages && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
            of(self).peer_finished(frame->hd.stream_id);
        return 0;
    }

    // A server that has finished asks a client that is still sending to stop (RFC 9113, section 8.1).
    static int frame_sent(nghttp2_session* http2, const nghttp2_frame* frame, void*) {
        const auto stream = frame->hd.stream_id;
        const bool is_end = frame->hd.type == NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
        if (is_end && nghttp2_session_get_stream_remote_close(http2, stream) == 0)
            nghttp2_submit_rst_stream(http2, NGHTTP2_FLAG_NONE, stream, NGHTTP2_NO_ERROR);
        return 0;
    }

    static int frame_not_sent(nghttp2_session*, const nghttp2_frame* frame, int, void* self) {
        if (frame->hd.type == NGHTTP2_HEADERS) of(self).not_sent(frame->hd.stream_id);
        return 0;
    }

    static int stream_closed(nghttp2_session*, std::int32_t stream, std::uint32_t error, void* self) {
        of(self).stream_closed(stream, error);
        return 0;
    }

    // Says how much there is; `send` copies the bytes itself, because nghttp2 does not wipe its buffer.
    static ssize_t read(nghttp2_session*, std::int32_t stream, std::uint8_t*, std::size_t size, std::uint32_t* flags,
                        nghttp2_data_source*, void* self) {
        auto* const out = of(self).outbox_of(stream);
        if (out == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        const auto left = out->bytes.size() - out->sent;
        if (left == 0 && !out->is_complete) return NGHTTP2_ERR_DEFERRED;
        const auto count = std::min(size, left);
        *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
        if (count == left && out->is_complete) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
            if (of(self).all_sent(stream)) *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        }
        return static_cast<ssize_t>(count);
    }

    static int send(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* head, std::size_t size,
                    nghttp2_data_source*, void* self) {
        constexpr std::size_t head_size = 9;  // RFC 9113, section 4.1
        auto* const out = of(self).outbox_of(frame->hd.stream_id);
        if (of(self).unsent_.size() >= most_unsent) return NGHTTP2_ERR_WOULDBLOCK;
        // Since the size was told, the call may have dropped its data.
        if (out == nullptr || out->bytes.size() - out->sent < size) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        of(self).unsent_.append(text_of(head, head_size));
        of(self).unsent_.append(out->bytes.view().substr(out->sent, size));
        out->sent += size;
        return 0;
    }

    static nghttp2_session_callbacks* all() {
        static const std::unique_ptr<nghttp2_session_callbacks, callbacks_deleter> made = [] {
            nghttp2_session_callbacks* set = nullptr;
            require(nghttp2_session_callbacks_new(&set));
            nghttp2_session_callbacks_set_on_begin_headers_callback(set, begin_headers);
            nghttp2_session_callbacks_set_on_header_callback(set, header);
            nghttp2_session_callbacks_set_on_data_chunk_recv_callback(set, data);
            nghttp2_session_callbacks_set_on_frame_recv_callback(set, frame);
            nghttp2_session_callbacks_set_on_frame_send_callback(set, frame_sent);
            nghttp2_session_callbacks_set_on_frame_not_send_callback(set, frame_not_sent);
            nghttp2_session_callbacks_set_on_stream_close_callback(set, stream_closed);
            nghttp2_session_callbacks_set_send_data_callback(set, send);
            return std::unique_ptr<nghttp2_session_callbacks, callbacks_deleter>(set);
        }();
        return made.get();
    }

    static nghttp2_session* make_http2(side side, void* self) {
        nghttp2_option* options = nullptr;
        require(nghttp2_option_new(&options));
        const std::unique_ptr<nghttp2_option, option_deleter> owned(options);
        nghttp2_option_set_no_closed_streams(options, 1);
        // A client sends no calls before the server's first SETTINGS. Until then the server may still reject the
        // client's certificate (TLS 1.3 reports that last), and its calls have certainly not started.
        nghttp2_option_set_peer_max_concurrent_streams(options, 0);
        nghttp2_option_set_stream_reset_rate_limit(options, reset_burst, reset_rate);
        nghttp2_option_set_max_continuations(options, most_continuations);
        nghttp2_session* made = nullptr;
        require(side == side::client ? nghttp2_session_client_new2(&made, all(), self, options)
                                     : nghttp2_session_server_new2(&made, all(), self, options));
        const auto& settings = side == side::client ? client_settings : server_settings;
        require(nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
        require(nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0, connection_window));
        return made;
    }
};

connection::connection(io_executor executor, side side)
    : executor_(executor),
      side_(side),
      http2_(callbacks::make_http2(side, this)),
      blocks_(side == side::server ? NGHTTP2_CLIENT_MAGIC_LEN : 0) {}

nghttp2_data_provider connection::data_of_outbox() { return {.source = {}, .read_callback = callbacks::read}; }

task<void> connection::carry(std::unique_ptr<byte_stream> stream) {
    const auto self = shared_from_this();
    stream_ = std::move(stream);
    if (closed_ || !co_await stream_->begin()) {
        close();
        co_return;
    }
    carries_ = true;
    heard_ = std::chrono::steady_clock::now();
    flush();
    std::array<char, 16 * 1024> room;
    while (!closed_) {
        error_code error;
        const auto size = co_await stream_->read_some(room, error);
        if (error || closed_) break;
        heard_ = std::chrono::steady_clock::now();
        const bool is_http2 = receive({room.data(), size});
        wipe(room.data(), size);
        if (!is_http2 || is_flooded()) break;
        flush_soon();
    }
    close();
}

// Returns false if the connection must end.
bool connection::receive(std::string_view bytes) {
    while (!bytes.empty() && !blocks_.is_too_long()) {
        const auto piece = blocks_.take(bytes);
        if (nghttp2_session_mem_recv(http2(), bytes_of(piece), piece.size()) < 0) return false;
    }
    return !blocks_.is_too_long();
}

void connection::flush_soon() {
    if (!carries_ || std::exchange(flushing_, true)) return;
    asio::post(executor_, [self = shared_from_this()] {
        self->flushing_ = false;
        self->flush();
    });
}

void connection::flush() {
    if (closed_ || flushing_) return;
    for (bool has_all = false; !has_all || !unsent_.empty();) {
        has_all = pull();
        if (closed_ || unsent_.empty()) break;
        const auto written = stream_->write_at_once(unsent_.view());
        if (written > 0) stuck_since_.reset();
        unsent_.erase_front(written);
        if (!unsent_.empty()) return flush_when_writable();
    }
    if (!closed_ && is_over()) close();
}

// Takes from nghttp2 what is to be sent. Returns whether that is all for now. The rest waits in nghttp2 and the
// outboxes, as does what is over the peer's flow-control window.
bool connection::pull() {
    const std::uint8_t* bytes = nullptr;
    ssize_t size = 1;
    while (unsent_.size() < most_unsent && (size = nghttp2_session_mem_send(http2(), &bytes)) > 0)
        unsent_.append(text_of(bytes, static_cast<std::size_t>(size)));
    if (size < 0) close();
    return unsent_.size() < most_unsent;
}

void connection::flush_when_writable() {
    flushing_ = true;
    if (!stuck_since_) stuck_since_ = std::chrono::steady_clock::now();
    stream_->socket().async_wait(net::stream_socket::wait_write, [self = shared_from_this()](const error_code& error) {
        self->flushing_ = false;
        error ? self->close() : self->flush();
    });
}

// Whether a client sends on although it does not read the answers, most of which have no flow control.
bool connection::is_flooded() {
    return side_ == side::server && stuck_since_ &&
           nghttp2_session_get_outbound_queue_size(http2()) > most_waiting_frames;
}

bool connection::peer_has_left() const {
    return closed_ || (stream_ && net::client_left(stream_->socket().native_handle()));
}

bool connection::is_over() {
    return nghttp2_session_want_read(http2()) == 0 && nghttp2_session_want_write(http2()) == 0;
}

void connection::close() {
    if (std::exchange(closed_, true)) return;
    if (stream_) {
        error_code ignored;
        stream_->socket().close(ignored);
    }
    closed();
}

}  // namespace userinfo::h2
