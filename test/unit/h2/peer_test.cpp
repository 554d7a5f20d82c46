// Whom a server takes for authenticated.
#include <future>

#include <gtest/gtest.h>

#include "support/scratch_folder.h"
#include "support/scripted_rpc.h"
#include "unit/h2/authority_files.h"

namespace userinfo::h2 {
namespace {

using net::tls_certificate;
using side = tls_certificate::side;

// How a server at `address` sees a client of this process.
h2::peer seen_at(const std::string& address, const tls_certificate* server_certificate = nullptr,
                 const tls_certificate* client_certificate = nullptr) {
    std::promise<h2::peer> seen;
    test::scripted_rpc server(
        [&seen](server_call& call) -> task<void> {
            seen.set_value(call.peer());
            call.finish({});
            co_return;
        },
        server_certificate, address);
    test::rpc_caller caller(server.target(), client_certificate);
    caller.ask({});
    return seen.get_future().get();
}

TEST(peer, by_tcp_is_not_authenticated) {
    const auto peer = seen_at("127.0.0.1:0");
    EXPECT_EQ(peer.address, "127.0.0.1");
    EXPECT_FALSE(peer.is_authenticated);
}

TEST(peer, by_a_unix_socket_is_authenticated_as_our_own_user) {
    const test::scratch_folder folder;
    const auto peer = seen_at("unix:" + (folder / "rpc.sock").string());
    EXPECT_EQ(peer.address, "unix:");
    EXPECT_TRUE(peer.is_authenticated);
}

TEST(peer, with_a_certificate_is_authenticated_if_one_is_asked_for) {
    const authority ours;
    const program_files server_files(ours), client_files(ours, "DNS:gateway");
    const tls_certificate asking(server_files.files, side::server, "h2");
    const tls_certificate client(client_files.files, side::client, "h2");
    EXPECT_TRUE(seen_at("127.0.0.1:0", &asking, &client).is_authenticated);

    auto without_authority = server_files.files;
    without_authority.authority.clear();
    const tls_certificate not_asking(without_authority, side::server, "h2");
    EXPECT_FALSE(seen_at("127.0.0.1:0", &not_asking, &client).is_authenticated);
}

}  // namespace
}  // namespace userinfo::h2
