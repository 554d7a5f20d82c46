// The certificate and the private key with which a listener proves who it is, from two PEM files that may be replaced
// while it serves; and how it speaks TLS.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

// OpenSSL's SSL_CTX and SSL, whose headers stay out of this one.
struct ssl_ctx_st;
struct ssl_st;

namespace userinfo::http {

struct tls_session_deleter {
    void operator()(ssl_st* session) const;
};
using tls_session = std::unique_ptr<ssl_st, tls_session_deleter>;

// `new_session` may be called from any thread, the rest from one.
class tls_certificate {
public:
    struct files {
        std::filesystem::path certificate;  // the server's own, then those that lead to its authority
        std::filesystem::path key;          // without a pass phrase; not for others to read
    };

    // Throws std::runtime_error: a file that cannot be used, named, or a key of another certificate.
    explicit tls_certificate(files files);

    // Takes what the files hold now for sessions that begin from now on. Throws as the constructor does, and then keeps
    // what it has.
    void reload();
    // The same, and true, if a file has changed since they were last loaded, or last failed to load.
    bool reload_if_changed();

    // The server's side of a connection on the socket `descriptor`, before its handshake; null if memory is short.
    tls_session new_session(int descriptor) const;

private:
    // What tells one state of a file from another.
    using stamp = std::array<std::int64_t, 7>;
    using stamps = std::array<stamp, 2>;

    stamps look() const;

    const files files_;
    stamps seen_{};
    mutable std::mutex mutex_;
    std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace userinfo::http
