// A unary or streaming gRPC call from the point of view of the code that answers it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret_string.h"
#include "base/suspend.h"
#include "base/task.h"
#include "h2/connection.h"
#include "h2/held_bytes.h"
#include "h2/message_frames.h"
#include "h2/metadata.h"
#include "h2/peer.h"
#include "h2/status.h"

namespace userinfo::h2 {

class server_connection;

// What the calls of a connection share. They may outlive it.
struct calls_share {
    const h2::peer peer;
    held_bytes held;
};

// Shared by its connection and its handler until both are done with it. Belongs to the connection's io_context: all
// functions except `is_abandoned` must be called on its thread.
class server_call {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // The first message must have arrived by `arrives_by`.
    server_call(server_connection& connection, stream_id stream, time_point arrives_by);
    server_call(const server_call&) = delete;
    server_call& operator=(const server_call&) = delete;

    // "/package.Service/Method".
    std::string_view path() const { return metadata_.value_of(":path"); }
    const h2::metadata& metadata() const { return metadata_; }
    // Who calls. Do not believe what only a gateway may say, unless this peer is authenticated.
    const h2::peer& peer() const { return share_->peer; }
    // time_point::max() if the caller set none.
    time_point deadline() const { return deadline_; }

    // Returns the message of a method that takes exactly one. Another one ends the call at once with UNIMPLEMENTED, as
    // gRPC has it (doc/statuscodes.md, "request cardinality violation"). Returns nothing as below.
    task<std::optional<secret_string>> read_single() { return take_message(true); }

    // Returns the next message of a stream. Returns nothing if the caller will send no more, has gone, or the server is
    // shutting down.
    task<std::optional<secret_string>> read() { return take_message(false); }

    // For a stream: if it has not ended by `when`, it ends with UNAVAILABLE, which tells clients to open it again. The
    // handler learns of it as if the caller had gone.
    void end_at(time_point when) {
        if (!finished_) ends_at_ = when;
    }

    // These have no effect once the caller has gone. `finish` must come last; it also sends `trailers`. It returns the
    // code that the call ends with. That is another one if the call has ended before, as by a second message.
    void write(std::string_view message);
    status_code finish(const status& status, fields trailers = {});

    // Completes once the caller has gone, or once the call is finished and everything is sent.
    task<void> end();

    bool is_finished() const { return finished_; }
    // The code that it has ended with. gRPC's clients read it from the reset of a stream, too.
    status_code code() const { return code_; }
    // Whether the caller has gone, or has done what ends the call. Thread-safe.
    bool is_abandoned() const { return abandoned_.load(std::memory_order_relaxed); }

    // The same, and also true if the caller's end of the connection has not been read yet. Costs a system call.
    bool caller_has_left() const;

private:
    friend server_connection;

    // Called by the connection.
    void take_header(std::string_view name, std::string_view value);
    void take_headers_end();
    void take_data(std::string_view bytes);
    void take_end();
    bool begin();
    void look(time_point now, std::chrono::milliseconds reply_time);
    void stop_waiting();
    void leave();

    task<std::optional<secret_string>> take_message(bool is_only_one);
    void give_up_if_broken();
    void give_up(const status& status);
    void refuse();
    void settle(status_code code);
    void reset(std::uint32_t error);

    static task<void> wait(continuation<void>& waiting);
    static void resume(continuation<void>& waiting);

    server_connection* connection_;  // null once the connection is done with the call
    const std::shared_ptr<calls_share> share_;
    held_part held_{share_->held};
    const stream_id stream_;

    h2::metadata metadata_;  // includes HTTP's own pseudo-header fields
    std::size_t metadata_size_ = 0;
    bool has_all_metadata_ = false;
    bool has_room_ = true;  // the connection does not hold too much
    time_point deadline_ = time_point::max();
    time_point ends_at_;  // time_point::max(): not limited here

    message_reader reader_;
    std::size_t in_hand_ = 0;  // the size of the message that the handler has read last
    bool takes_no_more_ = false;
    bool all_received_ = false;

    outbox out_;
    fields ending_;  // the trailers, once the call is finished
    bool begun_ = false;
    bool answers_ = false;
    bool finished_ = false;
    status_code code_ = status_code::ok;
    bool reset_ = false;

    continuation<void> reads_, ends_;  // empty: nobody waits
    std::atomic<bool> abandoned_ = false;
};

// Answers calls.
class call_handler {
public:
    virtual ~call_handler() = default;

    // Must finish the call. Runs on the io_context of the call's connection. Must not throw.
    virtual task<void> answer(server_call& call) = 0;

    // Is told of each call that ends before it can be answered, because of a limit, a fault or its caller. Likewise.
    // Some of its metadata may be missing.
    virtual void ended_unanswered(const server_call& call) = 0;
};

}  // namespace userinfo::h2
