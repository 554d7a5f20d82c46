#include "h2/client_connection.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include <boost/asio/ip/tcp.hpp>

#include "base/spawn.h"
#include "h2/header_text.h"
#include "h2/target.h"

namespace userinfo::h2 {

namespace {

using boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto connect_patience = 1500ms;
// How often pending calls are checked.
constexpr auto watch_interval = 100ms;
// A peer that is silent while calls are pending gets a ping, and must answer it in time.
constexpr auto silence_limit = 500ms;
constexpr auto ping_patience = 1s;
constexpr int http_ok = 200;
// In bytes.
constexpr std::size_t longest_reply = 4 * 1024 * 1024;
// Of all replies of a connection that are not complete. A full load of calls with replies of 16 KB each.
constexpr std::size_t most_held = 16 * 1024 * 1024;

// For HTTP statuses from an intermediary.
status_code code_of_http(int http_status) {
    switch (http_status) {
        case 400: return status_code::internal;
        case 401: return status_code::unauthenticated;
        case 403: return status_code::permission_denied;
        case 404: return status_code::unimplemented;
        case 429:
        case 502:
        case 503:
        case 504: return status_code::unavailable;
        default: return status_code::unknown;
    }
}

std::optional<int> number_in(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

status_code code_in(std::string_view text) {
    const auto number = number_in(text);
    if (!number || *number < 0 || *number > static_cast<int>(status_code::unauthenticated)) return status_code::unknown;
    return static_cast<status_code>(*number);
}

}  // namespace

std::shared_ptr<client_connection> client_connection::open(io_executor executor, const server_place& place,
                                                           events events) {
    const std::shared_ptr<client_connection> made(new client_connection(executor, place, std::move(events)));
    spawn(executor, "gRPC client connection", serve(made));
    return made;
}

client_connection::client_connection(io_executor executor, const server_place& place, events events)
    : connection(executor, side::client),
      place_(place),
      events_(std::move(events)),
      socket_(executor),
      timer_(executor),
      held_(most_held),
      connect_until_(steady::now() + connect_patience) {}

task<void> client_connection::serve(std::shared_ptr<client_connection> self) {
    self->watch();
    if (!co_await self->connect() || self->is_closed()) {
        self->close();
        co_return;
    }
    auto name = host_of(self->place_.target);
    co_await self->carry(make_byte_stream(std::move(self->socket_), self->place_.certificate, std::move(name)));
}

task<bool> client_connection::connect() {
    error_code error = asio::error::host_not_found;
    const auto places = co_await places_of(place_.target);
    for (auto place = places.begin(); error && !is_closed() && place != places.end(); ++place) {
        socket_.close(error);
        co_await socket_.async_connect(*place, asio::redirect_error(use_task, error));
    }
    if (error || is_closed()) co_return false;
    socket_.non_blocking(true, error);
    error_code not_tcp;
    socket_.set_option(asio::ip::tcp::no_delay(true), not_tcp);
    co_return !error;
}

void client_connection::connected() {
    connect_until_.reset();
    events_.ready();
}

void client_connection::begin(request request, settle_function settle) {
    stream_id stream = 0;
    if (!takes_calls_ || !submit(request, stream)) {
        retire();  // the connection's stream ids are used up
        settle({.came = reply::progress::unsent,
                .status = {.code = status_code::unavailable, .message = "there is no connection"}});
        return;
    }
    call made{.body = {},
              .deadline = request.deadline,
              .is_abandoned = std::move(request.is_abandoned),
              .settle = std::move(settle),
              .reader = message_reader(longest_reply),
              .held = held_part(held_)};
    append_message(made.body.bytes, request.message);
    made.body.is_complete = true;
    calls_.emplace(stream, std::move(made));
    watch();
    flush_soon();
}

bool client_connection::submit(const request& request, stream_id& stream) {
    const bool secure = place_.certificate != nullptr;
    const fields timeout{{"grpc-timeout", timeout_text(request.deadline - steady::now())}};
    field_list sent;
    sent.add(":method", "POST");
    sent.add(":scheme", secure ? "https" : "http");
    sent.add(":path", request.path);
    sent.add(":authority", is_unix(place_.target) ? "localhost" : std::string_view(place_.target));
    sent.add("te", "trailers");
    sent.add("content-type", "application/grpc");
    sent.add(timeout);
    sent.add(request.fields);
    const auto data = data_of_outbox();
    stream = nghttp2_submit_request(http2(), nullptr, sent.data(), sent.size(), &data, nullptr);
    return stream > 0;
}

void client_connection::retire() {
    if (is_closed()) return;
    take_no_more();
    if (calls_.empty()) close();
}

void client_connection::take_no_more() {
    if (std::exchange(takes_calls_, false)) events_.gone();
}

outbox* client_connection::outbox_of(stream_id stream) {
    const auto found = calls_.find(stream);
    return found == calls_.end() ? nullptr : &found->second.body;
}

void client_connection::header(stream_id stream, std::string_view name, std::string_view value) {
    const auto found = calls_.find(stream);
    if (found == calls_.end()) return;
    auto& call = found->second;
    auto& status = call.reply.status;
    call.metadata_size += listed_size(name, value);
    if (call.metadata_size > most_metadata || !call.held.add(listed_size(name, value)))
        return cancel(found, status_code::resource_exhausted, "the reply's metadata are too large");
    if (name == ":status") {
        call.http_status = number_in(value);
    } else if (name == "grpc-status") {
        status.code = code_in(value);
        call.has_status = true;
    } else if (name == "grpc-message") {
        status.message = percent_decoded(value);
    } else if (name == "grpc-status-details-bin") {
        status.details = binary_value(value).value_or("");
    } else {
        call.reply.metadata.add(name, name.ends_with("-bin") ? binary_value(value).value_or("") : std::string(value));
    }
}

void client_connection::received(stream_id stream, std::string_view bytes) {
    const auto found = calls_.find(stream);
    if (found == calls_.end()) return;
    auto& call = found->second;
    if (call.http_status != http_ok) return;  // an intermediary's error page
    if (!call.held.add(bytes.size()))
        return cancel(found, status_code::resource_exhausted, "the replies that are under way are too long");
    call.reader.feed(bytes);
    while (auto message = call.reader.next()) {
        if (std::exchange(call.has_message, true))
            return cancel(found, status_code::internal, "there is more than one reply");
        call.reply.message = std::move(*message);
    }
    switch (call.reader.found()) {
        case message_reader::problem::none: break;
        case message_reader::problem::compressed:
            cancel(found, status_code::internal, "the reply is compressed");
            break;
        case message_reader::problem::too_long:
            cancel(found, status_code::resource_exhausted, "the reply is too long");
            break;
    }
}

void client_connection::not_sent(stream_id stream) {
    if (const auto found = calls_.find(stream); found != calls_.end()) found->second.is_refused = true;
}

void client_connection::stream_closed(stream_id stream, std::uint32_t error) {
    const auto found = calls_.find(stream);
    if (found == calls_.end()) return;
    auto call = std::move(found->second);
    calls_.erase(found);
    auto& reply = call.reply;
    if (call.is_refused || error == NGHTTP2_REFUSED_STREAM) {
        reply = {.came = reply::progress::unsent,
                 .status = {.code = status_code::unavailable, .message = "the server takes no more calls"}};
    } else if (!call.has_status) {
        const auto code = call.http_status ? code_of_http(*call.http_status) : status_code::unavailable;
        reply.status = {.code = code, .message = "the server gave no status"};
        if (!call.http_status) reply.came = reply::progress::lost;
    } else if (reply.status.is_ok() && !call.has_message) {
        reply.status = {.code = status_code::internal, .message = "there is no reply"};
    }
    call.settle(std::move(reply));
}

// Final: whatever the server still sends for the call is ignored.
void client_connection::cancel(calls::iterator where, status_code code, const char* why) {
    auto [stream, call] = std::move(*where);
    calls_.erase(where);
    nghttp2_submit_rst_stream(http2(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
    flush_soon();
    call.settle({.came = reply::progress::answered, .status = {.code = code, .message = why}});
}

// One timer for all calls. It runs only while calls are pending.
void client_connection::watch() {
    if (std::exchange(watching_, true)) return;
    timer_.expires_after(watch_interval);
    timer_.async_wait([self = std::static_pointer_cast<client_connection>(shared_from_this())](const error_code&) {
        self->watching_ = false;
        if (!self->is_closed()) self->look_round();
    });
}

void client_connection::look_round() {
    const auto now = steady::now();
    for (auto next = calls_.begin(); next != calls_.end();) {
        const auto each = next++;
        if (each->second.deadline <= now)
            cancel(each, status_code::deadline_exceeded, "the time is over");
        else if (each->second.is_abandoned && each->second.is_abandoned())
            cancel(each, status_code::cancelled, "the caller has left");
    }
    look_at_peer(now);
    if (is_closed()) return;
    if (!takes_calls_ && calls_.empty()) return close();
    if (connect_until_ || !calls_.empty()) watch();
}

void client_connection::look_at_peer(steady::time_point now) {
    if (connect_until_) {
        if (*connect_until_ <= now) close();
        return;
    }
    if (heard() + silence_limit > now || calls_.empty()) {
        pinged_.reset();
    } else if (!pinged_) {
        pinged_ = now;
        nghttp2_submit_ping(http2(), NGHTTP2_FLAG_NONE, nullptr);
        flush_soon();
    } else if (*pinged_ + ping_patience <= now) {
        close();
    }
}

void client_connection::closed() {
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
    const auto came = connect_until_ ? reply::progress::unsent : reply::progress::lost;
    take_no_more();
    for (auto& [stream, call] : std::exchange(calls_, {})) {
        call.settle({.came = came, .status = {.code = status_code::unavailable, .message = "the connection is lost"}});
    }
}

}  // namespace userinfo::h2
