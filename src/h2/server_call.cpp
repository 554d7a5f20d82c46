#include "h2/server_call.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/base64.h"
#include "h2/header_text.h"
#include "h2/server_connection.h"

namespace userinfo::h2 {

namespace {

// In bytes. The longest fields of a message are an avatar's URL (2 KB) and a password (1 KB).
constexpr std::size_t longest_message = 64 * 1024;
// In bytes, of one stream: what waits to be read. It is room for the longest message and a part of the next one.
constexpr std::size_t most_unread = 2 * longest_message;

status too_much(std::string what) { return {.code = status_code::resource_exhausted, .message = std::move(what)}; }

status second_message() {
    return {.code = status_code::unimplemented, .message = "the method takes exactly one message"};
}

// "application/grpc", with an optional encoding ("+proto") or parameters.
bool is_grpc(std::string_view content_type) {
    constexpr std::string_view name = "application/grpc";
    if (!content_type.starts_with(name)) return false;
    const auto rest = content_type.substr(name.size());
    return rest.empty() || rest.starts_with('+') || rest.starts_with(';');
}

// As gRPC's clients read a reset (doc/PROTOCOL-HTTP2.md, "Errors").
status_code code_of_reset(std::uint32_t error) {
    switch (error) {
        case NGHTTP2_REFUSED_STREAM: return status_code::unavailable;
        case NGHTTP2_ENHANCE_YOUR_CALM: return status_code::resource_exhausted;
        default: return status_code::cancelled;
    }
}

// The trailers for a status.
fields ending_of(const status& status, fields trailers) {
    fields ending{{"grpc-status", std::to_string(static_cast<int>(status.code))}};
    if (!status.message.empty()) ending.push_back({"grpc-message", percent_encoded(status.message)});
    if (!status.details.empty()) ending.push_back({"grpc-status-details-bin", to_base64(status.details)});
    std::ranges::move(trailers, std::back_inserter(ending));
    return ending;
}

}  // namespace

server_call::server_call(server_connection& connection, stream_id stream, time_point arrives_by)
    : connection_(&connection),
      share_(connection.share()),
      stream_(stream),
      ends_at_(arrives_by),
      reader_(longest_message) {
    has_room_ = held_.add(call_cost);
}

task<std::optional<secret_string>> server_call::take_message(bool is_only_one) {
    held_.remove(std::exchange(in_hand_, 0));
    const auto waits = [this] { return !reader_.has_message() && !all_received_ && !finished_; };
    if (waits()) give_up_if_broken();
    if (waits() && connection_ != nullptr) co_await wait(reads_);
    auto message = reader_.next();
    if (message) in_hand_ = message_prefix + message->size();
    takes_no_more_ = is_only_one;
    if (!message || !is_only_one || reader_.is_empty()) co_return message;
    give_up(second_message());
    co_return std::nullopt;
}

bool server_call::caller_has_left() const { return connection_ == nullptr || connection_->peer_has_left(); }

void server_call::write(std::string_view message) {
    if (connection_ == nullptr || finished_) return;
    held_.remove(out_.sent);
    out_.bytes.erase_front(std::exchange(out_.sent, 0));
    if (!held_.add(message_prefix + message.size())) return reset(NGHTTP2_ENHANCE_YOUR_CALM);
    append_message(out_.bytes, message);
    std::exchange(answers_, true) ? connection_->go_on(stream_) : connection_->begin_answer(stream_);
}

status_code server_call::finish(const status& status, fields trailers) {
    if (finished_) return code_;
    settle(status.code);
    if (connection_ == nullptr) return code_;
    ends_at_ = time_point::max();
    ending_ = ending_of(status, std::move(trailers));
    out_.is_complete = true;
    answers_ ? connection_->go_on(stream_) : connection_->end_at_once(stream_, ending_);
    return code_;
}

task<void> server_call::end() {
    if (connection_ != nullptr) co_await wait(ends_);
}

// What is too much is judged when all have come.
void server_call::take_header(std::string_view name, std::string_view value) {
    if (has_all_metadata_) return;  // HTTP's trailers; gRPC's clients send none
    const auto size = listed_size(name, value);
    metadata_size_ += size;
    if (metadata_size_ > most_metadata || !has_room_) return;
    has_room_ = held_.add(size);
    if (!has_room_) return;
    if (name == "grpc-timeout") {
        const auto now = std::chrono::steady_clock::now();
        const auto time = parse_timeout(value);
        if (time && *time < time_point::max() - now) deadline_ = now + *time;
    } else if (name.ends_with("-bin")) {
        if (const auto bytes = binary_value(value)) metadata_.add(name, *bytes);
    } else {
        metadata_.add(name, value);
    }
}

void server_call::take_headers_end() {
    if (std::exchange(has_all_metadata_, true) || finished_) return;
    if (metadata_size_ > most_metadata) return give_up(too_much("the metadata are too large"));
    if (!has_room_) return refuse();
    const bool is_post = metadata_.value_of(":method") == "POST";
    if (is_post && is_grpc(metadata_.value_of("content-type"))) return;
    settle(status_code::unknown);  // what gRPC's clients make of these
    connection_->end_at_once(stream_, {{":status", is_post ? "415" : "405"}});
}

void server_call::take_data(std::string_view bytes) {
    if (finished_) return;
    if (takes_no_more_) return give_up(second_message());
    if (!held_.add(bytes.size())) return refuse();
    reader_.feed(bytes);
    if (reader_.size() > most_unread) return give_up(too_much("too many messages wait to be read"));
    if (reader_.has_message()) return resume(reads_);
    give_up_if_broken();
}

void server_call::take_end() {
    if (reader_.is_cut_off()) give_up({.code = status_code::internal, .message = "the last message is cut off"});
    all_received_ = true;
    resume(reads_);
}

void server_call::give_up_if_broken() {
    if (reader_.found() == message_reader::problem::too_long) give_up(too_much("the message is too long"));
    if (reader_.found() == message_reader::problem::compressed)
        give_up({.code = status_code::unimplemented, .message = "no compression is spoken"});
}

// Whether it is to be answered from now on: its first message is there, or all that comes.
bool server_call::begin() {
    if (finished_ || begun_ || !(all_received_ || reader_.has_message())) return false;
    begun_ = true;
    ends_at_ = time_point::max();
    return true;
}

// Called from time to time.
void server_call::look(time_point now, std::chrono::milliseconds reply_time) {
    if (reset_) return;
    if (finished_ && ends_at_ == time_point::max()) ends_at_ = now + reply_time;
    if (now < ends_at_) return;
    if (finished_) return reset(NGHTTP2_CANCEL);  // the peer does not read
    ends_at_ = time_point::max();
    if (begun_)
        give_up({.code = status_code::unavailable, .message = "the stream has reached its time limit; open it again"});
    else
        give_up({.code = status_code::deadline_exceeded, .message = "the request did not arrive in time"});
}

// Ends the call whatever its handler does, which is told to drop it.
void server_call::give_up(const status& status) {
    if (!finished_) abandoned_ = true;
    finish(status);
}

// The connection holds too much. A call that was not begun may be made again (RFC 9113, section 8.7).
void server_call::refuse() { reset(begun_ ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_REFUSED_STREAM); }

// Nobody but the connection can tell of the end of a call that was not begun.
void server_call::settle(status_code code) {
    finished_ = true;
    code_ = code;
    if (!begun_ && connection_ != nullptr) connection_->tell_of_unanswered(*this);
}

// Ends the call without a status and drops what it holds, because the peer does not read or the memory is needed. gRPC
// reads a status from `error`.
void server_call::reset(std::uint32_t error) {
    reset_ = true;
    if (!finished_) settle(code_of_reset(error));
    abandoned_ = true;
    held_.remove(reader_.size() + out_.bytes.size());
    reader_ = message_reader(longest_message);
    out_ = {};
    connection_->reset(stream_, error);
}

void server_call::stop_waiting() {
    if (!reads_) return;
    all_received_ = true;
    resume(reads_);
}

void server_call::leave() {
    if (!finished_) abandoned_ = true;
    if (!finished_ && !begun_) settle(status_code::cancelled);
    connection_ = nullptr;
    resume(reads_);
    resume(ends_);
}

task<void> server_call::wait(continuation<void>& waiting) {
    return suspend<void>([&waiting](continuation<void> resume) { waiting = std::move(resume); });
}

void server_call::resume(continuation<void>& waiting) {
    if (waiting) waiting();
}

}  // namespace userinfo::h2
