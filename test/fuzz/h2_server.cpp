// The bytes of a connection of gRPC, before a service that repeats what it is told: whatever comes in and however it is
// cut, what goes out is whole frames, limits hold, and every call comes to its end.
#include <algorithm>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "fuzz/input.h"
#include "h2/server_connection.h"

namespace userinfo::h2 {
namespace {

using fuzz::require;

constexpr std::size_t longest_message = 64 * 1024;
constexpr std::string_view preface("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);  // with empty SETTINGS

// Gives what the fuzzer thought of, and keeps what is answered.
class memory_stream final : public byte_stream {
public:
    memory_stream(asio::io_context& context, std::string bytes, std::size_t piece, std::string& answered)
        : socket_(context), bytes_(std::move(bytes)), piece_(piece), answered_(answered) {}

    net::stream_socket& socket() override { return socket_; }

    task<bool> begin() override { co_return true; }

    task<std::size_t> read_some(std::span<char> room, boost::system::error_code& error) override {
        co_await asio::post(socket_.get_executor(), use_task);  // what has come is answered meanwhile
        const auto count = std::string_view(bytes_).substr(given_).copy(room.data(), std::min(room.size(), piece_));
        if (count == 0) error = asio::error::eof;
        given_ += count;
        co_return count;
    }

    std::size_t write_at_once(std::string_view bytes) override {
        answered_ += bytes;
        return bytes.size();
    }

private:
    net::stream_socket socket_;
    const std::string bytes_;
    std::size_t given_ = 0;
    const std::size_t piece_;
    std::string& answered_;
};

task<void> repeat_one(std::shared_ptr<server_call> call) {
    const auto message = co_await call->read_single();
    require(!message || message->size() <= longest_message, "a message keeps its limit");
    if (message) call->write(message->view());
    call->finish({});
}

task<void> repeat(std::shared_ptr<server_call> call) {
    require(call->metadata().size() <= most_metadata, "metadata keep their limit");
    while (const auto message = co_await call->read()) {
        require(message->size() <= longest_message, "a message keeps its limit");
        call->write(message->view());
    }
    call->finish({}, {{"path-bin", std::string(call->path().size(), 'A')}});
}

void check_frames(std::string_view answered) {
    while (!answered.empty()) {
        require(answered.size() >= 9, "a frame has its head");
        std::size_t length = 0;
        for (const char byte : answered.substr(0, 3)) length = length << 8 | static_cast<unsigned char>(byte);
        require(length <= 16 * 1024, "a frame is no longer than everybody takes");
        require(answered.size() - 9 >= length, "a frame is whole");
        answered.remove_prefix(9 + length);
    }
}

void check(fuzz::input input) {
    const auto choice = input.byte();
    const bool is_raw = choice % 8 == 7, is_stream = choice % 2 == 0;
    const std::size_t piece = 1 + input.byte() * 16;
    std::string bytes(is_raw ? std::string_view() : preface);
    bytes += input.rest();

    asio::io_context context(1);
    std::string answered;
    std::size_t begun = 0, ended = 0;
    const auto connection = std::make_shared<server_connection>(
        context.get_executor(), peer(),
        [&](const std::shared_ptr<server_call>& call) {
            ++begun;
            asio::co_spawn(context, is_stream ? repeat(call) : repeat_one(call),
                           [&ended](const std::exception_ptr& bug) {
                               if (bug) std::rethrow_exception(bug);
                               ++ended;
                           });
        },
        [](const server_call&) {}, [] {});
    bool is_served = false;
    asio::co_spawn(context,
                   connection->serve(std::make_unique<memory_stream>(context, std::move(bytes), piece, answered)),
                   [&is_served](const std::exception_ptr& bug) {
                       if (bug) std::rethrow_exception(bug);
                       is_served = true;
                   });
    context.run();
    require(is_served && connection->is_closed(), "the end of the connection is its end");
    require(begun == ended, "every call comes to its end");
    require(connection->share()->held.size() == 0, "what calls have held is given back");
    check_frames(answered);
}

}  // namespace
}  // namespace userinfo::h2

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::h2::check({data, size});
    return 0;
}
