// The certificate and the private key with which a program proves who it is, from PEM files that may be replaced while
// it serves; whose certificates it believes; and how it speaks TLS.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

// OpenSSL's SSL_CTX and SSL, whose headers stay out of this one.
struct ssl_ctx_st;
struct ssl_st;

namespace userinfo::net {

struct tls_session_deleter {
    void operator()(ssl_st* session) const;
};
using tls_session = std::unique_ptr<ssl_st, tls_session_deleter>;

// `new_session` may be called from any thread, the rest from one.
class tls_certificate {
public:
    struct files {
        std::filesystem::path certificate;     // the server's own, then those that lead to its authority
        std::filesystem::path key;             // without a pass phrase; not for others to read
        std::filesystem::path authority = {};  // if named, the other side must show a certificate of it
    };

    enum class side { server, client };

    // `protocol` (ALPN, RFC 7301) is what is spoken over TLS. Throws std::runtime_error: a file that cannot be used,
    // named, or a key of another certificate.
    explicit tls_certificate(files files, side side = side::server, const std::string& protocol = "http/1.1");

    // Takes what the files hold now for sessions that begin from now on. Throws as the constructor does, and then keeps
    // what it has.
    void reload();
    // The same, and true, if a file has changed since they were last loaded, or last failed to load.
    bool reload_if_changed();

    // A connection on the socket `descriptor`, before its handshake; null if memory is short.
    tls_session new_session(int descriptor) const;
    // The same, of a client; the handshake fails if the server's certificate is not of `name`, a host name or an IP
    // address (RFC 9110, section 4.3.4).
    tls_session new_session(int descriptor, const std::string& name) const;

    // Whether the handshake of `session` agreed on the protocol.
    bool is_agreed(const tls_session& session) const;

private:
    // What tells one state of a file from another.
    using stamp = std::array<std::int64_t, 7>;
    using stamps = std::array<stamp, 3>;

    stamps look() const;

    const files files_;
    const side side_;
    const std::string offer_;  // of the protocol, in ALPN's form
    stamps seen_{};
    mutable std::mutex mutex_;
    std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace userinfo::net
