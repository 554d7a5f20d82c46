// The listener on a unix socket, and the file of it.
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "support/scratch_folder.h"
#include "unit/http/test_client.h"
#include "unit/http/test_handler.h"

namespace userinfo::http {
namespace {

namespace fs = std::filesystem;

class unix_socket : public testing::Test {
protected:
    std::string refusal() const {
        try {
            const net::bound_socket socket(where);
            return "(none)";
        } catch (const std::runtime_error& error) {
            return error.what();
        }
    }

    // As a program that knows nothing of our locks does, and which leaves the file behind.
    file_descriptor foreign_socket() const {
        file_descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        where.path.copy(name.sun_path, sizeof name.sun_path - 1);
        EXPECT_EQ(::bind(socket.number(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
        return socket;
    }

    const test::scratch_folder folder;
    const fs::path file = folder / "a.sock";
    const net::address where = net::address::parse("unix:" + file.string());
};

TEST_F(unix_socket, is_answered_as_a_port_is) {
    test_server server(where);
    test_client client(server.listener.local_address());
    for (int i = 0; i < 3; ++i) {
        client.send("POST /abc HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        const auto reply = client.receive_reply();
        EXPECT_TRUE(reply.ends_with("\r\n\r\nPOST /abc hi unix:")) << reply;
    }
    client.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_GT(client.receive_all().size(), 20'000'000U);
}

TEST_F(unix_socket, is_not_shared_by_source) {
    test_server server(where, {.connections = 3, .connections_per_source = 1});
    const test_client first(where), second(where), third(where);
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 3; }));
    test_client fourth(where);
    EXPECT_TRUE(fourth.is_ended_by_server());
    EXPECT_TRUE(server.has_refused("source", 0));
    EXPECT_TRUE(server.has_refused("full", 1));
}

TEST_F(unix_socket, tells_of_a_client_that_left) {
    test_server server(where);
    std::optional<test_client> client(server.listener.local_address());
    client->send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 1; }));
    EXPECT_FALSE(server.handler.client_left());
    client.reset();
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.client_left(); }));
}

TEST_F(unix_socket, may_be_opened_by_owner_and_group_whatever_the_umask) {
    for (const mode_t mask : {0, 022, 077}) {
        const auto before = ::umask(mask);
        const net::bound_socket socket(where);
        ::umask(before);
        EXPECT_EQ(fs::status(file).permissions(), fs::perms(0660)) << mask;
    }
}

TEST_F(unix_socket, may_be_opened_by_its_owner_alone_if_it_is_private) {
    const auto before = ::umask(0);
    const net::bound_socket socket(where, net::socket_access::owner);
    ::umask(before);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms(0600));
}

TEST_F(unix_socket, is_gone_once_the_listener_accepts_no_more) {
    test_server server(where);
    EXPECT_TRUE(fs::is_socket(file));
    server.listener.drain(std::chrono::milliseconds(0));
    EXPECT_FALSE(fs::exists(file));
    const test_server next(where);
    EXPECT_TRUE(fs::is_socket(file));
}

TEST_F(unix_socket, is_one_servers_at_a_time) {
    std::optional<net::bound_socket> first(where);
    EXPECT_EQ(refusal(), "unix:" + file.string() + " is in use");  // before it listens, too
    EXPECT_TRUE(fs::is_socket(file));
    first.reset();
    EXPECT_EQ(refusal(), "(none)");
}

TEST_F(unix_socket, replaces_one_that_a_dead_server_left) {
    foreign_socket();
    ASSERT_TRUE(fs::is_socket(file));
    test_server server(where);
    test_client client(where);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.receive_reply().starts_with("HTTP/1.1 200"));
}

TEST_F(unix_socket, leaves_what_another_program_listens_on) {
    const auto socket = foreign_socket();
    ASSERT_EQ(::listen(socket.number(), 1), 0);
    EXPECT_EQ(refusal(), "unix:" + file.string() + " is in use");
    EXPECT_TRUE(fs::is_socket(file));
}

TEST_F(unix_socket, leaves_a_file_that_is_no_socket) {
    std::ofstream(file) << "precious";
    EXPECT_EQ(refusal(), "cannot listen on unix:" + file.string() + ": a file that is not a socket is there");
    EXPECT_EQ(fs::file_size(file), 8U);
}

TEST_F(unix_socket, follows_no_symbolic_link) {
    fs::create_symlink(folder / "elsewhere", file);
    EXPECT_EQ(refusal(), "cannot listen on unix:" + file.string() + ": a file that is not a socket is there");
    fs::remove(file);
    fs::remove(folder / "a.sock.lock");
    fs::create_symlink(folder / "elsewhere", folder / "a.sock.lock");
    EXPECT_NE(refusal(), "(none)");
    EXPECT_FALSE(fs::exists(folder / "elsewhere"));
}

TEST_F(unix_socket, names_a_folder_that_is_not_there) {
    const auto lost = net::address::parse("unix:" + (folder / "no" / "a.sock").string());
    try {
        const net::bound_socket socket(lost);
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(),
                  "cannot listen on " + lost.to_string() + ": " + lost.path + ".lock: No such file or directory");
    }
}

}  // namespace
}  // namespace userinfo::http
