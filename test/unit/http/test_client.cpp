#include "unit/http/test_client.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace userinfo::http {

namespace {

union socket_name {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_un file;
};

socket_name name_of(const net::address& server) {
    socket_name name{};
    if (server.is_unix()) {
        name.file.sun_family = AF_UNIX;
        server.path.copy(name.file.sun_path, sizeof name.file.sun_path - 1);
    } else {
        name.v4.sin_family = AF_INET;
        name.v4.sin_port = htons(server.port);
        inet_pton(AF_INET, server.host.c_str(), &name.v4.sin_addr);
    }
    return name;
}

}  // namespace

test_client::test_client(const net::address& server, const char* from)
    : socket_(::socket(server.is_unix() ? AF_UNIX : AF_INET, SOCK_STREAM, 0)) {
    if (from != nullptr) {
        const auto own = name_of({.host = from});
        EXPECT_EQ(::bind(socket_, &own.any, sizeof own.v4), 0) << std::strerror(errno);
    }
    const auto name = name_of(server);
    EXPECT_EQ(::connect(socket_, &name.any, server.is_unix() ? sizeof name.file : sizeof name.v4), 0)
        << std::strerror(errno);
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

test_client::~test_client() {
    if (socket_ >= 0) ::close(socket_);
}

void test_client::send(std::string_view text) const {
    while (!text.empty()) {
        const auto size = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
        if (size <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

void test_client::shut_down_sending() const { ::shutdown(socket_, SHUT_WR); }

void test_client::abort() {
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    ::close(socket_);
    socket_ = -1;
}

std::string test_client::receive_reply(bool with_body) {
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos)
        if (!receive_more()) return std::exchange(received_, {});
    std::size_t size = end + 4;
    constexpr std::string_view length = "\r\nContent-Length: ";
    if (const auto place = received_.find(length); with_body && place < end)
        size += std::stoul(received_.substr(place + length.size()));
    while (received_.size() < size)
        if (!receive_more()) break;
    auto reply = received_.substr(0, size);
    received_.erase(0, size);
    return reply;
}

std::string test_client::receive_all() {
    while (receive_more()) {
    }
    return std::exchange(received_, {});
}

bool test_client::is_left_waiting(std::chrono::milliseconds time) const {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    return received_.empty() && ::poll(&wait, 1, static_cast<int>(time.count())) == 0;
}

bool test_client::receive_more() {
    std::array<char, 4096> bytes;
    const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (size < 0) ADD_FAILURE() << "receiving: " << std::strerror(errno);
    if (size <= 0) return false;
    received_.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
}

}  // namespace userinfo::http
