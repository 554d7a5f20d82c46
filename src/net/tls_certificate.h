// The TLS configuration of one side of a connection: its certificate and private key, the authority it trusts, and the
// protocol it offers. The PEM files may be replaced while the program runs.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

// OpenSSL's SSL_CTX and SSL, declared here to keep its headers out of this one.
struct ssl_ctx_st;
struct ssl_st;

namespace userinfo::net {

struct tls_connection_deleter {
    void operator()(ssl_st* connection) const;
};
using tls_connection = std::unique_ptr<ssl_st, tls_connection_deleter>;

// A PEM file cannot be used. The message names the file and says why.
class unusable_tls_file : public std::runtime_error {
public:
    unusable_tls_file(std::string_view part, const std::string& why) : std::runtime_error(why), part_(part) {}

    // "certificate", "key" or "authority", as in tls_certificate::files.
    std::string_view part() const { return part_; }

private:
    std::string_view part_;
};

// Throws unusable_tls_file unless `file` holds certificates of an authority.
void require_authority(const std::filesystem::path& file);

// `new_connection` is thread-safe. The other functions must be called from one thread.
class tls_certificate {
public:
    struct files {
        std::filesystem::path certificate;     // the own certificate, then the intermediates up to the authority
        std::filesystem::path key;             // without a pass phrase; a base/secret_file.h
        std::filesystem::path authority = {};  // if set, the peer must present a certificate of this authority
    };

    enum class side { server, client };

    // `protocol` is the ALPN name (RFC 7301) of the protocol that runs over TLS. Throws unusable_tls_file,
    // also if the key belongs to another certificate.
    explicit tls_certificate(files files, side side = side::server, const std::string& protocol = "http/1.1");

    // Whether the handshake fails unless the peer presents a certificate of the authority.
    bool authenticates_peers() const { return !files_.authority.empty(); }

    // Loads the files again, for connections created from now on. Throws like the constructor, and then keeps the
    // previous state.
    void reload();
    // Reloads if a file has changed since the last load, successful or not. Returns whether it reloaded. Throws like
    // `reload`.
    bool reload_if_changed();

    // Returns a server's connection on the socket `descriptor`, before its handshake. Null if memory runs out.
    tls_connection new_connection(int descriptor) const;
    // The same for a client. The handshake fails if the server's certificate is not valid for `name`, a host name or an
    // IP address (RFC 9110, section 4.3.4).
    tls_connection new_connection(int descriptor, const std::string& name) const;

    // Whether the handshake of `connection` agreed on the protocol.
    bool is_agreed(const tls_connection& connection) const;

private:
    // Identifies one state of a file, to detect changes.
    using stamp = std::array<std::int64_t, 7>;
    using stamps = std::array<stamp, 3>;

    stamps look() const;

    const files files_;
    const side side_;
    const std::string offer_;  // the protocol in ALPN's wire format
    stamps seen_{};
    mutable std::mutex mutex_;
    std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace userinfo::net
