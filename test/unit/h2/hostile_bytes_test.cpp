// What a server does with bytes that no client of gRPC sends.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include "unit/h2/echo_server.h"

namespace userinfo::h2 {
namespace {

using namespace std::string_literals;

const auto preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"s;

// A blocking client that sends what it is told to.
class raw_client {
public:
    explicit raw_client(std::uint16_t port) { socket_.connect({asio::ip::address_v4::loopback(), port}); }

    void send(const std::string& bytes) { asio::write(socket_, asio::buffer(bytes)); }

    // All until the server ends the connection, or `wanted` has come.
    std::string receive(const std::string& wanted = "no such bytes") {
        std::string all;
        std::array<char, 4096> room;
        boost::system::error_code error;
        while (!error && !all.contains(wanted)) all.append(room.data(), socket_.read_some(asio::buffer(room), error));
        return all;
    }

private:
    asio::io_context context_;
    asio::ip::tcp::socket socket_{context_};
};

// A HEADERS frame of stream 1 that ends it; each field a literal that is not kept (RFC 7541, section 6.2.2).
std::string headers(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string block;
    for (const auto& [name, value] : fields) {
        block += '\0';
        for (const auto& text : {name, value}) (block += static_cast<char>(text.size())) += text;
    }
    return "\0\0"s + static_cast<char>(block.size()) + "\1\5\0\0\0\1"s + block;
}

// Of the frames that a server has sent, the first status.
std::string status_in(std::string_view bytes) {
    const std::unique_ptr<nghttp2_hd_inflater, decltype(&nghttp2_hd_inflate_del)> inflater(
        [] {
            nghttp2_hd_inflater* made = nullptr;
            nghttp2_hd_inflate_new(&made);
            return made;
        }(),
        nghttp2_hd_inflate_del);
    constexpr std::size_t head = 9;
    while (bytes.size() >= head) {
        const auto size = static_cast<unsigned char>(bytes[1]) * 256U + static_cast<unsigned char>(bytes[2]);
        const auto block = bytes.substr(head, size);
        if (bytes[3] == NGHTTP2_HEADERS) {
            nghttp2_nv field{};
            int flags = 0;
            nghttp2_hd_inflate_hd2(inflater.get(), &field, &flags, reinterpret_cast<const std::uint8_t*>(block.data()),
                                   block.size(), 1);
            return {reinterpret_cast<const char*>(field.value), field.valuelen};
        }
        bytes.remove_prefix(std::min(bytes.size(), head + size));
    }
    return "";
}

TEST(h2_hostile_bytes, what_is_no_http2_ends_that_connection_alone) {
    test_server server;
    test_client other(server.target());
    ASSERT_TRUE(other.ask(a_request()).status.is_ok());
    for (const auto& bytes : {"GET / HTTP/1.1\r\nHost: a\r\n\r\n"s, std::string(1'000, '\xff'), "\x16\3\1\2\0\1"s}) {
        raw_client client(server.port());
        client.send(bytes + std::string(100, ' '));
        client.receive();  // returns because the server ends it
    }
    EXPECT_TRUE(other.ask(a_request()).status.is_ok());
    EXPECT_EQ(other.downs, 0);
}

TEST(h2_hostile_bytes, a_broken_frame_ends_the_connection) {
    test_server server;
    raw_client client(server.port());
    client.send(preface + "\0\0\4\x8\0\0\0\0\0\0\0\0\0"s);     // a window that grows by nothing (RFC 9113, section 6.9)
    EXPECT_TRUE(client.receive().contains("\x7\0\0\0\0\0"s));  // GOAWAY
}

std::string status_of(const std::string& url_method, const std::string& content_type) {
    test_server server;
    raw_client client(server.port());
    client.send(preface + headers({{":method", url_method},
                                   {":scheme", "http"},
                                   {":path", "/test.Test/Echo"},
                                   {":authority", "a"},
                                   {"content-type", content_type}}));
    return status_in(client.receive("\1\5\0\0\0\1"s));
}

TEST(h2_hostile_bytes, what_is_http2_but_not_grpc_gets_a_status_of_http) {
    EXPECT_EQ(status_of("GET", "application/grpc"), "405");
    EXPECT_EQ(status_of("POST", "text/plain"), "415");
    EXPECT_EQ(status_of("POST", "application/grpc+proto"), "200");
}

}  // namespace
}  // namespace userinfo::h2
