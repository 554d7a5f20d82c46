#include "h2/server_connection.h"

#include <utility>

namespace userinfo::h2 {

server_connection::server_connection(io_executor executor, h2::peer peer, begin_function begin,
                                     unanswered_function unanswered, std::function<void()> proven,
                                     const call_limits& limits)
    : connection(executor, side::server),
      share_(std::make_shared<calls_share>(std::move(peer), held_bytes(limits.held))),
      begin_(std::move(begin)),
      unanswered_(std::move(unanswered)),
      proven_(std::move(proven)),
      limits_(limits),
      look_timer_(executor) {}

task<void> server_connection::serve(std::unique_ptr<byte_stream> stream) { return carry(std::move(stream)); }

void server_connection::drain() {
    if (is_closed()) return;
    nghttp2_submit_goaway(http2(), NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(http2()),
                          NGHTTP2_NO_ERROR, nullptr, 0);
    for (const auto& [stream, call] : calls_) call->stop_waiting();
    flush_soon();
}

bool server_connection::is_unused() {
    const auto newest = nghttp2_session_get_last_proc_stream_id(http2());
    return std::exchange(newest_seen_, newest) == newest && calls_.empty();
}

void server_connection::ask_to_leave() {
    nghttp2_submit_shutdown_notice(http2());
    flush_soon();
}

void server_connection::begin_answer(stream_id stream) {
    field_list sent;
    sent.add(":status", "200");
    sent.add("content-type", "application/grpc");
    const auto data = data_of_outbox();
    nghttp2_submit_response(http2(), stream, sent.data(), sent.size(), &data);
    flush_soon();
}

void server_connection::go_on(stream_id stream) {
    nghttp2_session_resume_data(http2(), stream);
    flush_soon();
}

void server_connection::end_at_once(stream_id stream, const fields& ending) {
    field_list sent;
    if (ending.front().key != ":status") {
        sent.add(":status", "200");
        sent.add("content-type", "application/grpc");
    }
    sent.add(ending);
    nghttp2_submit_headers(http2(), NGHTTP2_FLAG_END_STREAM, stream, nullptr, sent.data(), sent.size(), nullptr);
    flush_soon();
}

void server_connection::reset(stream_id stream, std::uint32_t error) {
    nghttp2_submit_rst_stream(http2(), NGHTTP2_FLAG_NONE, stream, error);
    flush_soon();
}

bool server_connection::all_sent(stream_id stream) {
    auto* const call = call_of(stream);
    if (call == nullptr) return false;
    field_list sent;
    sent.add(call->ending_);
    return nghttp2_submit_trailer(http2(), stream, sent.data(), sent.size()) == 0;
}

server_call* server_connection::call_of(stream_id stream) {
    const auto found = calls_.find(stream);
    return found == calls_.end() ? nullptr : found->second.get();
}

outbox* server_connection::outbox_of(stream_id stream) {
    auto* const call = call_of(stream);
    return call == nullptr ? nullptr : &call->out_;
}

void server_connection::stream_begun(stream_id stream) {
    if (is_closed()) return;
    calls_.emplace(stream, std::make_shared<server_call>(*this, stream, heard() + limits_.request_time));
    watch();
}

void server_connection::header(stream_id stream, std::string_view name, std::string_view value) {
    if (auto* const call = call_of(stream)) call->take_header(name, value);
}

void server_connection::headers_complete(stream_id stream) {
    if (auto* const call = call_of(stream)) call->take_headers_end();
}

void server_connection::received(stream_id stream, std::string_view bytes) {
    auto* const call = call_of(stream);
    if (call == nullptr) return;
    call->take_data(bytes);
    begin_if_complete(stream);
}

void server_connection::peer_finished(stream_id stream) {
    auto* const call = call_of(stream);
    if (call == nullptr) return;
    call->take_end();
    begin_if_complete(stream);
}

// Starts the call with its first message, or without one if the stream ends first.
void server_connection::begin_if_complete(stream_id stream) {
    const auto& call = calls_.find(stream)->second;
    if (call->begin()) begin_(call);
}

// One timer for all calls. It runs only while there are some, or something to send.
void server_connection::watch() {
    if (std::exchange(watching_, true)) return;
    look_timer_.expires_after(limits_.look_interval);
    look_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code&) {
        const auto self = std::static_pointer_cast<server_connection>(weak.lock());
        if (!self || self->is_closed()) return;
        self->watching_ = false;
        self->look_round();
    });
}

void server_connection::look_round() {
    const auto now = std::chrono::steady_clock::now();
    if (const auto since = stuck_since(); since && now - *since > limits_.reply_time) return close();
    for (const auto& [stream, call] : calls_) call->look(now, limits_.reply_time);
    if (!calls_.empty() || stuck_since()) watch();
}

void server_connection::stream_closed(stream_id stream, std::uint32_t) {
    const auto found = calls_.find(stream);
    if (found == calls_.end()) return;
    found->second->leave();
    calls_.erase(found);
}

void server_connection::closed() {
    look_timer_.cancel();
    for (const auto& [stream, call] : std::exchange(calls_, {})) call->leave();
}

}  // namespace userinfo::h2
