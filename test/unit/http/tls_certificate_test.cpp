// When the files of a certificate are read again, and what is refused.
#include "http/tls_certificate.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "support/scratch_folder.h"

namespace userinfo::http {
namespace {

namespace fs = std::filesystem;

// Writes a new key and a certificate that it signs itself.
void write_pair(const fs::path& certificate_file, const fs::path& key_file) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    ASSERT_NE(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
    const auto open = [](const fs::path& file) {
        return std::unique_ptr<std::FILE, decltype(&std::fclose)>(std::fopen(file.c_str(), "w"), std::fclose);
    };
    PEM_write_X509(open(certificate_file).get(), certificate.get());
    PEM_write_PrivateKey(open(key_file).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    fs::permissions(key_file, fs::perms::owner_read | fs::perms::owner_write);
}

// The complaint, or nothing.
std::string complaint(const auto& act) {
    try {
        act();
    } catch (const std::runtime_error& why) {
        return why.what();
    }
    return "";
}

class tls_certificate_test : public testing::Test {
protected:
    tls_certificate_test() { write_pair(files_.certificate, files_.key); }

    const test::scratch_folder folder_;
    const tls_certificate::files files_{.certificate = folder_ / "server.pem", .key = folder_ / "server.key"};
};

TEST_F(tls_certificate_test, is_read_again_only_after_a_change) {
    tls_certificate certificate(files_);
    EXPECT_FALSE(certificate.reload_if_changed());
    write_pair(files_.certificate, files_.key);
    EXPECT_TRUE(certificate.reload_if_changed());
    EXPECT_FALSE(certificate.reload_if_changed());
}

TEST_F(tls_certificate_test, complains_once_of_each_bad_change_and_stays_as_it_is) {
    tls_certificate certificate(files_);
    std::ofstream(files_.certificate) << "nonsense";
    EXPECT_TRUE(complaint([&] { certificate.reload_if_changed(); }).contains(files_.certificate.string()));
    EXPECT_FALSE(certificate.reload_if_changed());
    EXPECT_NE(certificate.new_session(-1), nullptr);
    fs::remove(files_.key);
    EXPECT_NE(complaint([&] { certificate.reload_if_changed(); }), "");
    write_pair(files_.certificate, files_.key);
    EXPECT_TRUE(certificate.reload_if_changed());
}

TEST_F(tls_certificate_test, shows_the_new_certificate_to_new_sessions_alone) {
    tls_certificate certificate(files_);
    const auto before = certificate.new_session(-1);
    write_pair(files_.certificate, files_.key);
    certificate.reload();
    const auto after = certificate.new_session(-1);
    EXPECT_NE(X509_cmp(SSL_get_certificate(before.get()), SSL_get_certificate(after.get())), 0);
}

TEST_F(tls_certificate_test, wants_a_key_that_is_its_own_and_closed_to_others) {
    fs::permissions(files_.key, fs::perms::others_read, fs::perm_options::add);
    EXPECT_TRUE(complaint([&] { tls_certificate certificate(files_); }).contains("every user"));
    write_pair(folder_ / "other.pem", folder_ / "other.key");
    const tls_certificate::files mixed{.certificate = files_.certificate, .key = folder_ / "other.key"};
    EXPECT_TRUE(complaint([&] { tls_certificate certificate(mixed); }).contains("is not the key of"));
    const tls_certificate::files missing{.certificate = files_.certificate, .key = folder_ / "nothing"};
    EXPECT_TRUE(complaint([&] { tls_certificate certificate(missing); }).contains("cannot be read"));
}

}  // namespace
}  // namespace userinfo::http
