// What a handshake agrees to, and what it refuses.
#include <array>
#include <string>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "base/file_descriptor.h"
#include "net/tls_certificate.h"
#include "unit/h2/authority_files.h"

namespace userinfo::net {
namespace {

using side = tls_certificate::side;

// Both ends of a connection, which wait for nobody.
class joined_sockets {
public:
    joined_sockets() {
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_.data()), 0);
    }
    ~joined_sockets() {
        for (const int end : ends_) file_descriptor{end};
    }

    joined_sockets(const joined_sockets&) = delete;
    joined_sockets& operator=(const joined_sockets&) = delete;

    int server_end() const { return ends_[0]; }
    int client_end() const { return ends_[1]; }

private:
    std::array<int, 2> ends_{-1, -1};
};

bool has_failed(const tls_connection& connection, int outcome) {
    if (outcome == 1) return false;
    const int why = SSL_get_error(connection.get(), outcome);
    return why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
}

// Whether both sides come to an end with it.
bool shake_hands(const tls_connection& server, const tls_connection& client) {
    for (int round = 0; round < 20; ++round) {
        const int at_client = SSL_do_handshake(client.get());
        if (has_failed(client, at_client)) return false;
        const int at_server = SSL_do_handshake(server.get());
        if (has_failed(server, at_server)) return false;
        if (at_client == 1 && at_server == 1) return true;
    }
    return false;
}

// Reads nothing but what is no data.
void read_records(const tls_connection& connection) {
    char none = 0;
    EXPECT_LE(SSL_read(connection.get(), &none, 1), 0);
}

class tls_handshake : public testing::Test {
protected:
    // A client that asks for no protocol and believes everybody.
    tls_connection plain_client(int newest = TLS1_3_VERSION) const {
        tls_connection made(SSL_new(context_.get()));
        SSL_set_security_level(made.get(), 0);
        SSL_set_min_proto_version(made.get(), TLS1_VERSION);
        SSL_set_max_proto_version(made.get(), newest);
        SSL_set_fd(made.get(), sockets_.client_end());
        SSL_set_connect_state(made.get());
        return made;
    }

    tls_connection server() const { return certificate_.new_connection(sockets_.server_end()); }

    const h2::authority authority_;
    const h2::program_files files_{authority_};
    const tls_certificate certificate_{{.certificate = files_.files.certificate, .key = files_.files.key}};
    const joined_sockets sockets_;

private:
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
};

TEST_F(tls_handshake, speaks_tls_1_3) { EXPECT_TRUE(shake_hands(server(), plain_client())); }
TEST_F(tls_handshake, speaks_tls_1_2) { EXPECT_TRUE(shake_hands(server(), plain_client(TLS1_2_VERSION))); }

TEST_F(tls_handshake, speaks_nothing_older_than_tls_1_2) {
    EXPECT_FALSE(shake_hands(server(), plain_client(TLS1_1_VERSION)));
    EXPECT_EQ(SSL_get_min_proto_version(server().get()), TLS1_2_VERSION);  // not only for want of a common cipher
}

TEST_F(tls_handshake, begins_no_second_one_on_a_connection) {
    const auto server = this->server(), client = plain_client(TLS1_2_VERSION);
    ASSERT_TRUE(shake_hands(server, client));
    ASSERT_EQ(SSL_renegotiate(client.get()), 1);
    bool refused = false;
    for (int round = 0; round < 10 && !refused; ++round) {
        refused = has_failed(client, SSL_do_handshake(client.get()));
        read_records(server);
    }
    EXPECT_TRUE(refused);
}

TEST_F(tls_handshake, gives_no_ticket) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const joined_sockets sockets;
        const auto server = certificate_.new_connection(sockets.server_end());
        const auto client = plain_client(version);
        SSL_set_fd(client.get(), sockets.client_end());
        ASSERT_TRUE(shake_hands(server, client));
        read_records(client);
        EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get0_session(client.get())), 0) << version;
    }
}

TEST_F(tls_handshake, fails_with_a_client_of_another_protocol) {
    const tls_certificate other(files_.files, side::client, "h2");
    EXPECT_FALSE(shake_hands(server(), other.new_connection(sockets_.client_end())));
}

TEST_F(tls_handshake, agrees_on_the_protocol_of_both) {
    const tls_certificate same(files_.files, side::client, "http/1.1");
    const auto server = this->server(), client = same.new_connection(sockets_.client_end());
    EXPECT_TRUE(shake_hands(server, client));
    EXPECT_TRUE(certificate_.is_agreed(server));
    EXPECT_TRUE(same.is_agreed(client));
}

TEST_F(tls_handshake, fails_if_the_server_has_another_name_than_was_asked_for) {
    struct {
        const char* certified;
        const char* asked;
        bool right;
    } constexpr cases[] = {
        {"DNS:one.example.org", "one.example.org", true},
        {"DNS:two.example.org", "one.example.org", false},
        {"DNS:*.example.org", "one.example.org", true},
        {"DNS:*.example.org", "one.two.example.org", false},
        {"DNS:o*.example.org", "one.example.org", false},
        {"DNS:*ne.example.org", "one.example.org", false},
        {"IP:192.0.2.1", "192.0.2.1", true},
        {"IP:192.0.2.2", "192.0.2.1", false},
        {"DNS:192.0.2.1", "192.0.2.1", false},
    };
    const tls_certificate ours(files_.files, side::client);
    for (const auto& [certified, asked, right] : cases) {
        const h2::program_files files(authority_, certified);
        const tls_certificate theirs(files.files);
        const joined_sockets sockets;
        EXPECT_EQ(
            shake_hands(theirs.new_connection(sockets.server_end()), ours.new_connection(sockets.client_end(), asked)),
            right)
            << certified << ' ' << asked;
    }
}

}  // namespace
}  // namespace userinfo::net
