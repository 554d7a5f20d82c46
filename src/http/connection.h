// One client connection: reads requests, passes them to the handler one at a time, and writes the replies.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/error.hpp>

#include "http/connection_set.h"
#include "http/request_reader.h"
#include "net/client_left.h"
#include "net/plain_stream.h"

namespace userinfo::http {

// `Stream` is plain_stream or tls_stream.
template <class Stream>
class connection final : public connection_set::member {
public:
    connection(connection_set& set, Stream stream, std::string_view peer_address)
        : member(set),
          stream_(std::move(stream)),
          reader_(set.limits().header_bytes, set.limits().body_bytes, peer_address,
                  net::client_left_probe(stream_.socket().native_handle())) {}

    // Runs until either side ends the connection.
    task<void> serve();

private:
    using steady = std::chrono::steady_clock;

    // Each returns false if the connection has ended.
    task<bool> begin();
    task<bool> rest();
    task<bool> read();
    task<bool> answer();
    task<bool> write_rest(std::string text);

    task<void> turn_away(rejection why);
    task<void> linger();

    // Write what the kernel accepts immediately, without suspending, and return the rest.
    std::string send(const reply& reply, bool last);
    std::string write(std::string_view text);

    void begin_waiting() { idle_until_ = steady::now() + set().idle_time(); }
    void enter_reading();
    bool has_unread();

    void interrupt() override {
        boost::system::error_code ignored;
        stream_.socket().cancel(ignored);
    }
    void stop_waiting_at(steady::time_point end) override { idle_until_ = std::min(idle_until_, end); }
    // A handler may still probe the client. The descriptor must not be closed and reused for another connection
    // meanwhile.
    void cut() override {
        boost::system::error_code ignored;
        if (current_phase() == phase::handling)
            stream_.socket().shutdown(asio::socket_base::shutdown_both, ignored);
        else
            stream_.socket().close(ignored);
    }

    Stream stream_;
    request_reader reader_;
    // A client that has not started a request by then is disconnected. Bytes that TLS consumes itself do not extend it.
    steady::time_point idle_until_;
    bool rests_ = true;  // no request has come for a while; the connection holds no read buffer
};

template <class Stream>
task<void> connection<Stream>::serve() {
    if (!co_await begin()) co_return;
    for (;;) {
        switch (reader_.parse()) {
            case request_reader::progress::complete:
                if (!co_await answer()) co_return;
                break;
            case request_reader::progress::rejected: co_await turn_away(reader_.why()); co_return;
            case request_reader::progress::incomplete:
                if (!co_await read()) co_return;
                break;
        }
    }
}

template <class Stream>
task<bool> connection<Stream>::begin() {
    if (set().is_cut()) co_return false;
    if constexpr (Stream::has_handshake) {
        enter(phase::handshaking, set().limits().header_time);
        if (!co_await stream_.handshake()) {
            // What the client sent instead of TLS, such as a plain HTTP request, is still unread: see `linger`.
            if (!is_late() && !set().is_draining()) co_await linger();
            co_return false;
        }
    }
    begin_waiting();
    co_return true;
}

// Most connections are idle most of the time, so they should hold no buffer. Waiting for the first byte without a
// buffer costs one more system call than reading. A busy connection therefore keeps its buffer for a while.
template <class Stream>
task<bool> connection<Stream>::rest() {
    reader_.give_memory_back();
    enter(phase::resting, idle_until_);
    boost::system::error_code error;
    co_await stream_.socket().async_wait(net::stream_socket::wait_read, asio::redirect_error(use_task, error));
    rests_ = false;
    co_return !error || (is_late() && has_unread());
}

template <class Stream>
task<bool> connection<Stream>::read() {
    if (reader_.take_expectation())
        if (auto rest = write("HTTP/1.1 100 Continue\r\n\r\n"); !rest.empty())
            if (!co_await write_rest(std::move(rest))) co_return false;
    if (rests_ && !co_await rest()) co_return false;
    enter_reading();

    boost::system::error_code error;
    const auto size = co_await stream_.read_some(reader_.room(), error);
    if (!error) {
        reader_.received(size);
        co_return true;
    }
    if (is_late() && current_phase() == phase::idle) {
        rests_ = true;
        co_return has_unread() || steady::now() < idle_until_;
    }
    if (is_late())
        co_await turn_away(rejection::timed_out);
    else if (error == asio::error::eof && !reader_.is_empty())
        co_await turn_away(rejection::malformed);  // the client only closed its sending side and may still read
    co_return false;
}

// Whether a request came just when the wait for it ended. A client that must not send it twice would lose it.
template <class Stream>
bool connection<Stream>::has_unread() {
    if constexpr (Stream::has_handshake) return false;  // the bytes of TLS need not be a request
    boost::system::error_code ignored;
    return stream_.socket().available(ignored) > 0;
}

// A phase that continues keeps its deadline, so a client gains no time by sending single bytes.
template <class Stream>
void connection<Stream>::enter_reading() {
    const auto& limits = set().limits();
    if (reader_.is_empty())
        enter(phase::idle, std::min(steady::now() + limits.warm_time(), idle_until_));
    else if (reader_.is_in_body()) {
        if (current_phase() != phase::in_body) enter(phase::in_body, limits.body_time);
    } else if (current_phase() != phase::in_head) {
        enter(phase::in_head, limits.header_time);
    }
}

template <class Stream>
task<bool> connection<Stream>::answer() {
    enter(phase::handling);
    const auto reply = co_await set().handler().handle(reader_.request());
    const bool last = reply.close || !reader_.keep_alive() || set().is_draining();
    auto rest = send(reply, last);
    reader_.next();  // before the wait for a client that reads slowly: the body is wiped at once
    if (!rest.empty() && !co_await write_rest(std::move(rest))) co_return false;
    if (last) co_await linger();
    begin_waiting();
    co_return !last;
}

template <class Stream>
task<void> connection<Stream>::turn_away(rejection why) {
    auto reply = set().handler().reject(why, reader_.peer_address());
    reply.status = status_of(why);
    auto rest = send(reply, true);
    reader_.give_memory_back();  // likewise
    if (!rest.empty() && !co_await write_rest(std::move(rest))) co_return;
    co_await linger();
}

template <class Stream>
std::string connection<Stream>::send(const reply& reply, bool last) {
    const auto kept = reader_.is_http_1_0() ? persistence::stated : persistence::implied;
    auto& text = set().scratch();
    append_reply(text, reply,
                 {.date_line = set().date_line(),
                  .persistence = last ? persistence::close : kept,
                  .with_body = !reader_.is_head()});
    return write(text);
}

template <class Stream>
std::string connection<Stream>::write(std::string_view text) {
    return std::string(text.substr(stream_.write_at_once(text)));
}

template <class Stream>
task<bool> connection<Stream>::write_rest(std::string text) {
    enter(phase::writing, set().limits().write_time);
    boost::system::error_code error;
    co_await stream_.write_all(text, error);
    co_return !error;
}

// RFC 9112, section 9.6: closing while the client still sends would reset the connection and lose the reply.
template <class Stream>
task<void> connection<Stream>::linger() {
    using namespace std::chrono_literals;
    enter(phase::lingering, 1000ms);
    stream_.end_sending();
    boost::system::error_code error;
    std::array<char, 2048> unread;
    while (!error && !is_late())
        co_await stream_.socket().async_read_some(asio::buffer(unread), asio::redirect_error(use_task, error));
    wipe(unread);  // the rest of a body that was refused may hold a password
}

}  // namespace userinfo::http
