// One connection to a gRPC server, from connecting until it is lost. The calls of many coroutines share it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/timer.h"
#include "h2/client_call.h"
#include "h2/connection.h"
#include "h2/held_bytes.h"
#include "h2/message_frames.h"
#include "net/tls_certificate.h"

namespace userinfo::h2 {

struct server_place {
    std::string target;                                 // host:port, or unix:/path
    const net::tls_certificate* certificate = nullptr;  // of the client; null: no TLS. Must outlive the connection
};

class client_connection final : public connection {
public:
    // Called on the connection's thread.
    struct events {
        std::function<void()> ready;  // the connection is established
        std::function<void()> gone;   // no more calls are accepted; running ones may still be answered. Called once
    };
    using settle_function = std::move_only_function<void(reply)>;

    // Starts to connect and returns immediately. The connection owns itself until it is closed.
    static std::shared_ptr<client_connection> open(io_executor executor, const server_place& place, events events);

    // Sends a call as soon as the connection is established. `settle` is called exactly once, possibly before `begin`
    // returns.
    void begin(request request, settle_function settle);

    // Accepts no more calls, and closes when the running ones have ended.
    void retire();

private:
    using steady = std::chrono::steady_clock;

    struct call {
        outbox body;
        steady::time_point deadline;
        std::function<bool()> is_abandoned;
        settle_function settle;
        message_reader reader;
        held_part held;  // of the reply
        std::size_t metadata_size = 0;
        h2::reply reply = {};
        std::optional<int> http_status = {};
        bool has_message = false;
        bool has_status = false;
        bool is_refused = false;
    };
    using calls = std::unordered_map<stream_id, call>;

    client_connection(io_executor executor, const server_place& place, events events);

    static task<void> serve(std::shared_ptr<client_connection> self);
    task<bool> connect();
    bool submit(const request& request, stream_id& stream);
    void take_no_more();
    void cancel(calls::iterator where, status_code code, const char* why);

    void watch();
    void look_round();
    void look_at_peer(steady::time_point now);

    void connected() override;
    void header(stream_id stream, std::string_view name, std::string_view value) override;
    void received(stream_id stream, std::string_view bytes) override;
    void peer_finished(stream_id) override {}
    void stream_closed(stream_id stream, std::uint32_t error) override;
    void not_sent(stream_id stream) override;
    void going_away() override { take_no_more(); }
    outbox* outbox_of(stream_id stream) override;
    void closed() override;

    const server_place place_;
    events events_;
    net::stream_socket socket_;  // moved away once it is connected
    steady_timer timer_;
    held_bytes held_;
    calls calls_;
    std::optional<steady::time_point> connect_until_;  // empty once it is connected
    std::optional<steady::time_point> pinged_;         // when the unanswered ping was sent
    bool watching_ = false;
    bool takes_calls_ = true;
};

}  // namespace userinfo::h2
