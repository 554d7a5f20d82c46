// Who may call whom when both sides show certificates.
#include <csignal>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "support/eventually.h"
#include "support/scripted_rpc.h"
#include "unit/h2/authority_files.h"
#include "unit/http/test_client.h"

namespace userinfo::h2 {
namespace {

using namespace test;
using net::tls_certificate;
using side = tls_certificate::side;
using progress = reply::progress;

class mutual_tls : public testing::Test {
protected:
    mutual_tls() { std::signal(SIGPIPE, SIG_IGN); }

    // That nobody answers this client, but the next good one.
    void expect_no_answer(const tls_certificate* certificate) const {
        rpc_caller caller(server_.target(), certificate);
        EXPECT_EQ(caller.ask({}).came, progress::unsent);
        EXPECT_FALSE(caller.is_answered());
        rpc_caller good(server_.target(), &client_certificate_);
        EXPECT_TRUE(good.is_answered());
    }

    const authority ours_, foreign_;
    const program_files server_files_{ours_}, client_files_{ours_, "DNS:gateway"};
    tls_certificate server_certificate_ = tls_certificate(server_files_.files, side::server, "h2");
    tls_certificate client_certificate_ = tls_certificate(client_files_.files, side::client, "h2");
    scripted_rpc server_{echo, &server_certificate_};
};

TEST_F(mutual_tls, lets_those_of_the_same_authority_talk) {
    rpc_caller caller(server_.target(), &client_certificate_);
    EXPECT_TRUE(caller.is_answered());
    const std::string message(60'000, 'm');
    EXPECT_EQ(caller.ask({.message = message}).message.view(), message);
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

TEST_F(mutual_tls, refuses_a_client_of_another_authority) {
    const program_files files(foreign_);
    ours_.issue({.certificate = files.folder / "unused.pem",
                 .key = files.folder / "unused.key",
                 .authority = files.files.authority},
                "DNS:unused");  // it believes ours, so that only its own certificate is wrong
    const tls_certificate certificate(files.files, side::client, "h2");
    expect_no_answer(&certificate);
}

TEST_F(mutual_tls, refuses_a_client_in_clear_text) { expect_no_answer(nullptr); }

TEST_F(mutual_tls, refuses_a_client_without_certificate) {
    const http::test_client tcp(server_.local_address());
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    const net::tls_connection connection(SSL_new(context.get()));
    SSL_set_alpn_protos(connection.get(), reinterpret_cast<const unsigned char*>("\2h2"), 3);
    SSL_set_fd(connection.get(), tcp.descriptor());
    char byte = 0;
    EXPECT_FALSE(SSL_connect(connection.get()) == 1 && SSL_read(connection.get(), &byte, 1) > 0);
    rpc_caller good(server_.target(), &client_certificate_);
    EXPECT_TRUE(good.is_answered());
}

TEST_F(mutual_tls, refuses_a_server_of_another_authority) {
    const program_files files(foreign_);
    ours_.issue({.certificate = files.folder / "unused.pem",
                 .key = files.folder / "unused.key",
                 .authority = files.files.authority},
                "DNS:unused");
    tls_certificate certificate(files.files, side::server, "h2");
    const scripted_rpc impostor(echo, &certificate);
    rpc_caller caller(impostor.target(), &client_certificate_);
    EXPECT_EQ(caller.ask({}).came, progress::unsent);
}

TEST_F(mutual_tls, refuses_a_server_with_a_certificate_of_another_host) {
    for (const auto* const name : {"IP:127.0.0.2", "DNS:localhost", "DNS:127.0.0.1"}) {
        const program_files files(ours_, name);
        tls_certificate certificate(files.files, side::server, "h2");
        const scripted_rpc impostor(echo, &certificate);
        rpc_caller caller(impostor.target(), &client_certificate_);
        EXPECT_EQ(caller.ask({}).came, progress::unsent) << name;
    }
}

TEST_F(mutual_tls, refuses_a_server_in_clear_text) {
    const scripted_rpc plain(echo);
    rpc_caller caller(plain.target(), &client_certificate_);
    EXPECT_EQ(caller.ask({}).came, progress::unsent);
}

TEST_F(mutual_tls, uses_replaced_files_for_new_connections_and_keeps_the_old_ones) {
    rpc_caller before(server_.target(), &client_certificate_);
    ASSERT_TRUE(before.is_answered());
    foreign_.issue(server_files_.files, "IP:127.0.0.1");
    server_certificate_.reload();
    EXPECT_TRUE(before.is_answered());
    EXPECT_EQ(before.told(), std::vector<bool>());
    rpc_caller after(server_.target(), &client_certificate_);
    EXPECT_EQ(after.ask({}).came, progress::unsent);
    foreign_.issue(client_files_.files, "DNS:gateway");
    client_certificate_.reload();
    EXPECT_TRUE(eventually([&] { return after.is_answered(); }));
}

}  // namespace
}  // namespace userinfo::h2
