// A certificate that vouches for itself, with its key, in files of their own.
#pragma once

#include <cstdio>
#include <memory>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "net/tls_certificate.h"
#include "support/scratch_folder.h"

namespace userinfo::net {

inline void write_pair(const tls_certificate::files& files) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    ASSERT_NE(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
    const auto open = [](const std::filesystem::path& file) {
        return std::unique_ptr<std::FILE, decltype(&std::fclose)>(std::fopen(file.c_str(), "w"), std::fclose);
    };
    PEM_write_X509(open(files.certificate).get(), certificate.get());
    PEM_write_PrivateKey(open(files.key).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    using std::filesystem::perms;
    std::filesystem::permissions(files.key, perms::owner_read | perms::owner_write);
}

// New ones, which go with it.
struct certificate_files {
    certificate_files() { write_pair(files); }

    const test::scratch_folder folder;
    const tls_certificate::files files{.certificate = folder / "server.pem", .key = folder / "server.key"};
};

}  // namespace userinfo::net
