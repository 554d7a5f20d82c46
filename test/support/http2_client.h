// A blocking HTTP/2 client that sends exactly what a test wants, including what the program's own client never sends.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>
#include <sys/socket.h>

#include "h2/message_frames.h"
#include "unit/http/test_client.h"

namespace userinfo::test {

class http2_client {
public:
    using fields = std::vector<std::pair<std::string, std::string>>;

    // What was received on a stream.
    struct stream {
        std::map<std::string, std::string> fields = {};
        h2::message_reader reader{1024 * 1024};
        std::vector<std::string> messages = {};
        bool is_closed = false;
        std::uint32_t error = 0;  // once it is closed
        std::int32_t id = 0;
    };

    explicit http2_client(const net::address& server) : tcp_(server), session_(make_session(), nghttp2_session_del) {
        nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, nullptr, 0);
    }

    // With a window of its own for each stream, in bytes.
    http2_client(const net::address& server, std::uint32_t window)
        : tcp_(server), session_(make_session(), nghttp2_session_del) {
        const nghttp2_settings_entry setting{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window};
        nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, &setting, 1);
    }

    // Sends a request with `body`, which ends the stream.
    const stream& send(const fields& head, std::string body = {}) { return begin(head, {.bytes = std::move(body)}); }

    // The same, but leaves the stream open for `send_more` and `end`.
    const stream& send_open(const fields& head, std::string body) {
        return begin(head, {.bytes = std::move(body), .stays_open = true});
    }

    void send_more(const stream& to, const std::string& bytes) {
        bodies_[to.id].bytes += bytes;
        nghttp2_session_resume_data(session_.get(), to.id);
        flush();
    }

    // Whether flow control holds nothing back.
    bool has_sent(const stream& to) const { return bodies_.at(to.id).bytes.empty(); }

    void reset(const stream& which) {
        nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, which.id, NGHTTP2_CANCEL);
        flush();
    }

    void end(const stream& to, const fields& trailers) {
        const auto list = list_of(trailers);
        nghttp2_submit_headers(session_.get(), NGHTTP2_FLAG_END_STREAM, to.id, nullptr, list.data(), list.size(),
                               nullptr);
        flush();
    }

    // Sends a gRPC call with one message.
    const stream& call(std::string_view path, std::string_view message) {
        return send(call_head(path), framed(message));
    }

    // The same, but leaves the stream open for more messages.
    const stream& call_open(std::string_view path, std::string_view message) {
        return send_open(call_head(path), framed(message));
    }

    static std::string framed(std::string_view message) {
        secret_string body;
        h2::append_message(body, message);
        return std::string(body.view());
    }

    static fields call_head(std::string_view path) {
        return {{":method", "POST"},         {":scheme", "http"}, {":path", std::string(path)},
                {":authority", "localhost"}, {"te", "trailers"},  {"content-type", "application/grpc"}};
    }

    // Receives until the condition holds. Returns false if the connection ends first or nothing arrives for 5 s.
    bool receive_until(auto condition) {
        while (!condition()) {
            std::uint8_t bytes[4096];
            const auto size = ::recv(tcp_.descriptor(), bytes, sizeof bytes, 0);
            if (size <= 0) return false;
            if (nghttp2_session_mem_recv(session_.get(), bytes, static_cast<std::size_t>(size)) < 0) return false;
            flush();
        }
        return true;
    }

    bool finish(const stream& stream) {
        return receive_until([&] { return stream.is_closed; });
    }

    const http::test_client& tcp() const { return tcp_; }

private:
    static std::uint8_t* bytes_of(const std::string& text) {
        return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
    }

    static std::string text_of(const std::uint8_t* bytes, std::size_t size) {
        return {reinterpret_cast<const char*>(bytes), size};
    }

    static http2_client& of(void* self) { return *static_cast<http2_client*>(self); }

    static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                      const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* self) {
        of(self).streams_[frame->hd.stream_id].fields[text_of(name, name_size)] = text_of(value, value_size);
        return 0;
    }

    static int data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes, std::size_t size,
                    void* self) {
        auto& to = of(self).streams_[id];
        to.reader.feed(text_of(bytes, size));
        while (auto message = to.reader.next()) to.messages.emplace_back(message->view());
        return 0;
    }

    static int closed(nghttp2_session*, std::int32_t id, std::uint32_t error, void* self) {
        of(self).streams_[id].is_closed = true;
        of(self).streams_[id].error = error;
        return 0;
    }

    struct body {
        std::string bytes;
        bool stays_open = false;
    };

    static ssize_t read(nghttp2_session*, std::int32_t id, std::uint8_t* room, std::size_t size, std::uint32_t* flags,
                        nghttp2_data_source*, void* self) {
        auto& body = of(self).bodies_[id];
        const auto count = body.bytes.copy(reinterpret_cast<char*>(room), size);
        body.bytes.erase(0, count);
        if (count == 0 && body.stays_open) return NGHTTP2_ERR_DEFERRED;
        if (body.bytes.empty() && !body.stays_open) *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(count);
    }

    static std::vector<nghttp2_nv> list_of(const fields& head) {
        std::vector<nghttp2_nv> list;
        for (const auto& [name, value] : head)
            list.push_back({bytes_of(name), bytes_of(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
        return list;
    }

    const stream& begin(const fields& head, body body) {
        const auto list = list_of(head);
        const nghttp2_data_provider data{.source = {}, .read_callback = read};
        const auto id = nghttp2_submit_request(session_.get(), nullptr, list.data(), list.size(), &data, nullptr);
        bodies_[id] = std::move(body);
        auto& made = streams_[id];
        made.id = id;
        flush();
        return made;
    }

    nghttp2_session* make_session() {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, header);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, closed);
        nghttp2_option* options = nullptr;
        nghttp2_option_new(&options);
        nghttp2_option_set_no_http_messaging(options, 1);  // allows sending what HTTP forbids
        nghttp2_option_set_max_send_header_block_length(options, 4 * 1024 * 1024);
        nghttp2_session* made = nullptr;
        EXPECT_EQ(nghttp2_session_client_new2(&made, callbacks, this, options), 0);
        nghttp2_option_del(options);
        nghttp2_session_callbacks_del(callbacks);
        return made;
    }

    void flush() {
        const std::uint8_t* bytes = nullptr;
        ssize_t size = 0;
        while ((size = nghttp2_session_mem_send(session_.get(), &bytes)) > 0)
            tcp_.send(text_of(bytes, static_cast<std::size_t>(size)));
    }

    http::test_client tcp_;
    std::map<std::int32_t, stream> streams_;
    std::map<std::int32_t, body> bodies_;
    const std::unique_ptr<nghttp2_session, decltype(&nghttp2_session_del)> session_;
};

}  // namespace userinfo::test
