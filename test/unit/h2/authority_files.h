// A certificate authority made for a test, which vouches for whom it is told to.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "net/tls_certificate.h"
#include "support/scratch_folder.h"

namespace userinfo::h2 {

class authority {
public:
    authority() : certificate_(make("", true, key_.get())) {}

    // A new certificate of `name` ("IP:127.0.0.1", "DNS:localhost"), its key and the authority's take the places of
    // those in the files.
    void issue(const net::tls_certificate::files& files, const std::string& name) const {
        const key own(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const auto made = make(name, false, own.get());
        PEM_write_X509(open(files.certificate).get(), made.get());
        PEM_write_PrivateKey(open(files.key).get(), own.get(), nullptr, nullptr, 0, nullptr, nullptr);
        PEM_write_X509(open(files.authority).get(), certificate_.get());
        using std::filesystem::perms;
        std::filesystem::permissions(files.key, perms::owner_read | perms::owner_write);
    }

private:
    using key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
    using certificate = std::unique_ptr<X509, decltype(&X509_free)>;
    using file = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

    static file open(const std::filesystem::path& path) { return {std::fopen(path.c_str(), "w"), std::fclose}; }

    static void add(X509* to, int what, const std::string& value) {
        const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made(
            X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()), X509_EXTENSION_free);
        EXPECT_EQ(X509_add_ext(to, made.get(), -1), 1);
    }

    static void name(X509_NAME* what, const char* text) {
        X509_NAME_add_entry_by_txt(what, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
    }

    certificate make(const std::string& subject, bool is_authority, EVP_PKEY* of) const {
        certificate made(X509_new(), X509_free);
        X509_set_version(made.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), is_authority ? 1 : 2);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
        name(X509_get_issuer_name(made.get()), "authority");
        name(X509_get_subject_name(made.get()), is_authority ? "authority" : "program");
        X509_set_pubkey(made.get(), of);
        add(made.get(), NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
        if (!subject.empty()) add(made.get(), NID_subject_alt_name, subject);
        EXPECT_NE(X509_sign(made.get(), key_.get(), EVP_sha256()), 0);
        return made;
    }

    const key key_{EVP_EC_gen("P-256"), EVP_PKEY_free};
    const certificate certificate_;
};

// What one program has, which goes with it.
struct program_files {
    explicit program_files(const authority& by, const std::string& name = "IP:127.0.0.1") { by.issue(files, name); }

    const test::scratch_folder folder;
    const net::tls_certificate::files files{
        .certificate = folder / "own.pem", .key = folder / "own.key", .authority = folder / "authority.pem"};
};

}  // namespace userinfo::h2
