// One connection from a gRPC client. It starts the client's calls and sends their replies.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include "base/timer.h"
#include "h2/call_limits.h"
#include "h2/connection.h"
#include "h2/server_call.h"

namespace userinfo::h2 {

class server_connection final : public connection {
public:
    // Has the call answered. It must keep the call alive until then.
    using begin_function = std::function<void(std::shared_ptr<server_call>)>;
    // Is told of each call that ends before it is begun.
    using unanswered_function = std::function<void(const server_call&)>;

    // `proven` is called when the peer is authenticated and speaks HTTP/2. It may close the connection.
    server_connection(io_executor executor, h2::peer peer, begin_function begin, unanswered_function unanswered,
                      std::function<void()> proven, const call_limits& limits = {});

    // Shared, because calls may outlive their connection.
    const std::shared_ptr<calls_share>& share() const { return share_; }

    // Runs until either side ends the connection.
    task<void> serve(std::unique_ptr<byte_stream> stream);

    // Graceful shutdown: accepts no more calls, and closes when the last running call has ended.
    void drain();

    // Whether it carries no call, and has carried none since this was last asked.
    bool is_unused();
    // Tells the peer to make its next calls on another connection (RFC 9113, section 6.8). Calls that it makes here
    // meanwhile are answered.
    void ask_to_leave();

private:
    friend server_call;

    // Called by a call.
    void begin_answer(stream_id stream);
    void go_on(stream_id stream);
    void end_at_once(stream_id stream, const fields& ending);
    void reset(stream_id stream, std::uint32_t error);
    void tell_of_unanswered(const server_call& call) { unanswered_(call); }

    server_call* call_of(stream_id stream);
    void begin_if_complete(stream_id stream);
    void watch();
    void look_round();

    void connected() override { proven_(); }
    void stream_begun(stream_id stream) override;
    void header(stream_id stream, std::string_view name, std::string_view value) override;
    void headers_complete(stream_id stream) override;
    void received(stream_id stream, std::string_view bytes) override;
    void peer_finished(stream_id stream) override;
    void stream_closed(stream_id stream, std::uint32_t error) override;
    outbox* outbox_of(stream_id stream) override;
    bool all_sent(stream_id stream) override;
    void closed() override;

    const std::shared_ptr<calls_share> share_;
    const begin_function begin_;
    const unanswered_function unanswered_;
    const std::function<void()> proven_;
    const call_limits limits_;
    steady_timer look_timer_;
    std::unordered_map<stream_id, std::shared_ptr<server_call>> calls_;
    stream_id newest_seen_ = -1;  // the last stream that `is_unused` knew
    bool watching_ = false;
};

}  // namespace userinfo::h2
