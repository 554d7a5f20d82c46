// A blocking client for the tests of the listener: sends and sees bytes as they are.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "net/address.h"

namespace userinfo::http {

class test_client {
public:
    // `from`: its own IPv4 address; null: any.
    explicit test_client(const net::address& server, const char* from = nullptr);
    ~test_client();

    test_client(const test_client&) = delete;
    test_client& operator=(const test_client&) = delete;

    void send(std::string_view text) const;
    void shut_down_sending() const;
    // A reset instead of an orderly end.
    void abort();
    int descriptor() const { return socket_; }

    // One reply with its head, whose body has the length that the head says.
    std::string receive_reply(bool with_body = true);
    // All that comes until the server ends the connection; fails the test if it is reset, or nothing comes for 5 s.
    std::string receive_all();
    bool is_ended_by_server() { return receive_all().empty(); }
    // Whether nothing comes for a while, not even the end.
    bool is_left_waiting(std::chrono::milliseconds time) const;

private:
    bool receive_more();

    int socket_;
    std::string received_;
};

}  // namespace userinfo::http
