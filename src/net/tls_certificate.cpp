#include "net/tls_certificate.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "base/file_descriptor.h"
#include "base/log.h"
#include "base/secret_file.h"

namespace userinfo::net {
namespace {

namespace fs = std::filesystem;

template <auto Free>
struct deleter {
    void operator()(auto* object) const { Free(object); }
};

constexpr std::string_view certificate_part = "certificate", key_part = "key", authority_part = "authority";

[[noreturn]] void fail(std::string_view part, const fs::path& file, const std::string& what) {
    throw unusable_tls_file(part, "'" + file.string() + "' " + what);
}

// OpenSSL does not say why a file cannot be read, and takes a folder for an empty file.
void require_readable(std::string_view part, const fs::path& file) {
    const file_descriptor opened(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat status{};
    const bool is_known = opened.is_open() && ::fstat(opened.number(), &status) == 0;
    if (is_known && S_ISDIR(status.st_mode)) errno = EISDIR;
    if (!is_known || S_ISDIR(status.st_mode)) fail(part, file, std::string("cannot be read: ") + std::strerror(errno));
}

// OpenSSL's first error message: the later ones say which of its functions failed because of that.
std::string cause() {
    const char* reason = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return reason == nullptr ? "" : std::string(" (") + reason + ")";
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// ALPN's wire format: a length, then the name.
std::string offer_of(const std::string& protocol) { return static_cast<char>(protocol.size()) + protocol; }

// RFC 7301, section 3.2: rejects a client that only knows other protocols. `spoken` is offer_of our protocol.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void* spoken) {
    const auto& ours = *static_cast<const std::string*>(spoken);
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, size, bytes_of(ours), static_cast<unsigned>(ours.size()), offered,
                              offered_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

// Session resumption is off: whoever steals a ticket key could decrypt all TLS 1.2 sessions that used it. Connections
// are kept alive, so full handshakes are few.
//
// OpenSSL's buffer of decrypted data is wiped after each read, because it may contain a password.
void set_rules(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    // A record without data, such as a key update, ends a read. Otherwise a client that sends nothing else would keep
    // OpenSSL reading and block the thread.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    // Idle connections release their buffers. A write may be retried from another address.
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // TLS 1.2 only with forward secrecy and authenticated encryption, which TLS 1.3 always has.
    if (SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1 ||
        SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") != 1)
        throw std::runtime_error("OpenSSL does not know the ciphers of this program" + cause());
}

void use_certificate(SSL_CTX* context, const fs::path& file) {
    require_readable(certificate_part, file);
    if (SSL_CTX_use_certificate_chain_file(context, file.c_str()) != 1)
        fail(certificate_part, file, "does not hold a certificate in PEM that can be used" + cause());
    if (X509_cmp_current_time(X509_get0_notAfter(SSL_CTX_get0_certificate(context))) < 0)
        log_warning("the TLS certificate has expired", {{"file", file.native()}});
}

secret_file read_key(const fs::path& file) {
    try {
        return secret_file(file);
    } catch (const std::runtime_error& why) {
        throw unusable_tls_file(key_part, why.what());
    }
}

void use_key(SSL_CTX* context, const fs::path& file, const fs::path& certificate) {
    const auto held = read_key(file);
    const std::unique_ptr<BIO, deleter<BIO_free>> pem(
        BIO_new_mem_buf(held.text().data(), static_cast<int>(held.text().size())));
    // Otherwise OpenSSL would ask for a pass phrase on the terminal.
    const auto no_pass_phrase = [](char*, int, int, void*) { return -1; };
    const std::unique_ptr<EVP_PKEY, deleter<EVP_PKEY_free>> key(
        pem ? PEM_read_bio_PrivateKey(pem.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
    if (!key) fail(key_part, file, "does not hold a private key in PEM without a pass phrase" + cause());
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        fail(key_part, file, "is not the key of '" + certificate.string() + "'" + cause());
}

void trust(SSL_CTX* context, const fs::path& file) {
    require_readable(authority_part, file);
    if (SSL_CTX_load_verify_file(context, file.c_str()) != 1)
        fail(authority_part, file, "does not hold certificates of an authority in PEM" + cause());
}

// The peer must present a certificate of an authority in `file`.
void require_certificate(SSL_CTX* context, const fs::path& file) {
    trust(context, file);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

std::shared_ptr<SSL_CTX> new_context(tls_certificate::side side) {
    ERR_clear_error();
    const auto* const method = side == tls_certificate::side::server ? TLS_server_method() : TLS_client_method();
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(method), SSL_CTX_free);
    if (!context) throw std::runtime_error("OpenSSL does not start" + cause());
    return context;
}

std::shared_ptr<SSL_CTX> load(const tls_certificate::files& files, tls_certificate::side side) {
    auto context = new_context(side);
    set_rules(context.get());
    use_certificate(context.get(), files.certificate);
    use_key(context.get(), files.key, files.certificate);
    if (!files.authority.empty()) require_certificate(context.get(), files.authority);
    return context;
}

}  // namespace

void require_authority(const fs::path& file) { trust(new_context(tls_certificate::side::client).get(), file); }

void tls_connection_deleter::operator()(ssl_st* connection) const { SSL_free(connection); }

tls_certificate::tls_certificate(files files, side side, const std::string& protocol)
    : files_(std::move(files)), side_(side), offer_(offer_of(protocol)) {
    reload();
}

void tls_certificate::reload() {
    seen_ = look();  // before reading, so that a change meanwhile triggers a reload
    auto context = load(files_, side_);
    if (side_ == side::server)
        SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, const_cast<std::string*>(&offer_));
    else
        SSL_CTX_set_alpn_protos(context.get(), bytes_of(offer_), static_cast<unsigned>(offer_.size()));
    const std::scoped_lock lock(mutex_);
    context_.swap(context);
}

bool tls_certificate::reload_if_changed() {
    if (look() == seen_) return false;
    reload();
    return true;
}

tls_connection tls_certificate::new_connection(int descriptor) const {
    std::shared_ptr<SSL_CTX> context;
    {
        const std::scoped_lock lock(mutex_);
        context = context_;
    }
    tls_connection connection(SSL_new(context.get()));  // keeps the context alive
    if (connection && SSL_set_fd(connection.get(), descriptor) != 1) connection.reset();
    if (connection)
        side_ == side::server ? SSL_set_accept_state(connection.get()) : SSL_set_connect_state(connection.get());
    return connection;
}

tls_connection tls_certificate::new_connection(int descriptor, const std::string& name) const {
    auto connection = new_connection(descriptor);
    if (!connection) return connection;
    auto* const rules = SSL_get0_param(connection.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str()) == 1) return connection;
    ERR_clear_error();
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (SSL_set1_host(connection.get(), name.c_str()) != 1 ||
        SSL_set_tlsext_host_name(connection.get(), name.c_str()) != 1)
        connection.reset();
    return connection;
}

bool tls_certificate::is_agreed(const tls_connection& connection) const {
    const unsigned char* agreed = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(connection.get(), &agreed, &size);
    return std::string_view(reinterpret_cast<const char*>(agreed), size) == std::string_view(offer_).substr(1);
}

auto tls_certificate::look() const -> stamps {
    const auto look_at = [](const fs::path& file) -> stamp {
        struct stat status{};
        if (::stat(file.c_str(), &status) != 0) return {};
        return {static_cast<std::int64_t>(status.st_dev),
                static_cast<std::int64_t>(status.st_ino),
                status.st_size,
                status.st_mtim.tv_sec,
                status.st_mtim.tv_nsec,
                status.st_ctim.tv_sec,
                status.st_ctim.tv_nsec};
    };
    return {look_at(files_.certificate), look_at(files_.key), look_at(files_.authority)};
}

}  // namespace userinfo::net
