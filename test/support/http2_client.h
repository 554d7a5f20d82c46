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
    };

    explicit http2_client(const net::address& server) : tcp_(server), session_(make_session(), nghttp2_session_del) {
        nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, nullptr, 0);
    }

    // Sends a request with `body`, which ends the stream.
    const stream& send(const fields& head, std::string body = {}) {
        std::vector<nghttp2_nv> list;
        for (const auto& [name, value] : head)
            list.push_back({bytes_of(name), bytes_of(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
        body_ = std::move(body);
        const nghttp2_data_provider data{.source = {}, .read_callback = read};
        const auto id = nghttp2_submit_request(session_.get(), nullptr, list.data(), list.size(), &data, nullptr);
        auto& made = streams_[id];
        flush();
        return made;
    }

    // Sends a gRPC call with one message.
    const stream& call(std::string_view path, std::string_view message) {
        secret_string body;
        h2::append_message(body, message);
        return send(call_head(path), std::string(body.view()));
    }

    // The same, but leaves the stream open for more messages.
    const stream& call_open(std::string_view path, std::string_view message) {
        stays_open_ = true;
        return call(path, message);
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

    static int closed(nghttp2_session*, std::int32_t id, std::uint32_t, void* self) {
        of(self).streams_[id].is_closed = true;
        return 0;
    }

    static ssize_t read(nghttp2_session*, std::int32_t, std::uint8_t* room, std::size_t size, std::uint32_t* flags,
                        nghttp2_data_source*, void* self) {
        auto& body = of(self).body_;
        const auto count = body.copy(reinterpret_cast<char*>(room), size);
        body.erase(0, count);
        if (of(self).stays_open_)
            return count == 0 ? static_cast<ssize_t>(NGHTTP2_ERR_DEFERRED) : static_cast<ssize_t>(count);
        if (body.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(count);
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
    std::string body_;
    bool stays_open_ = false;
    const std::unique_ptr<nghttp2_session, decltype(&nghttp2_session_del)> session_;
};

}  // namespace userinfo::test
