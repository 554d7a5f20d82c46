// When the files of a certificate are read again, and what is refused.
#include "net/tls_certificate.h"

#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "unit/net/certificate_files.h"

namespace userinfo::net {
namespace {

namespace fs = std::filesystem;

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
    const certificate_files made_;
    const tls_certificate::files& files_ = made_.files;
};

TEST_F(tls_certificate_test, is_read_again_only_after_a_change) {
    tls_certificate certificate(files_);
    EXPECT_FALSE(certificate.reload_if_changed());
    write_pair(files_);
    EXPECT_TRUE(certificate.reload_if_changed());
    EXPECT_FALSE(certificate.reload_if_changed());
}

TEST_F(tls_certificate_test, complains_once_of_each_bad_change_and_stays_as_it_is) {
    tls_certificate certificate(files_);
    std::ofstream(files_.certificate) << "nonsense";
    EXPECT_TRUE(complaint([&] { certificate.reload_if_changed(); }).contains(files_.certificate.string()));
    EXPECT_FALSE(certificate.reload_if_changed());
    EXPECT_NE(certificate.new_connection(-1), nullptr);
    fs::remove(files_.key);
    EXPECT_NE(complaint([&] { certificate.reload_if_changed(); }), "");
    write_pair(files_);
    EXPECT_TRUE(certificate.reload_if_changed());
}

TEST_F(tls_certificate_test, shows_the_new_certificate_to_new_connections_alone) {
    tls_certificate certificate(files_);
    const auto before = certificate.new_connection(-1);
    write_pair(files_);
    certificate.reload();
    const auto after = certificate.new_connection(-1);
    EXPECT_NE(X509_cmp(SSL_get_certificate(before.get()), SSL_get_certificate(after.get())), 0);
}

TEST_F(tls_certificate_test, wants_a_key_that_is_its_own_and_closed_to_others) {
    fs::permissions(files_.key, fs::perms::others_read, fs::perm_options::add);
    EXPECT_TRUE(complaint([&] { tls_certificate certificate(files_); }).contains("can be used by everybody"));
    const certificate_files other;
    const tls_certificate::files mixed{.certificate = files_.certificate, .key = other.files.key};
    EXPECT_TRUE(complaint([&] { tls_certificate certificate(mixed); }).contains("is not the key of"));
    const tls_certificate::files missing{.certificate = files_.certificate, .key = "nothing"};
    EXPECT_TRUE(complaint([&] { tls_certificate certificate(missing); }).contains("cannot be read"));
}

// Which file it is, and what is wrong with it.
std::string refusal(const tls_certificate::files& files) {
    try {
        const tls_certificate certificate(files);
    } catch (const unusable_tls_file& why) {
        return std::string(why.part()) + ": " + why.what();
    }
    return "(none)";
}

TEST_F(tls_certificate_test, says_which_file_cannot_be_used_and_why) {
    const auto text = made_.folder / "text";
    std::ofstream(text) << "nonsense";
    fs::permissions(text, fs::perms::owner_read);
    const auto missing = made_.folder / "none";
    auto files = files_;
    files.authority = files.certificate;
    EXPECT_EQ(refusal(files), "(none)");
    const std::pair<fs::path tls_certificate::files::*, std::string> parts[] = {
        {&tls_certificate::files::certificate, "certificate"},
        {&tls_certificate::files::key, "key"},
        {&tls_certificate::files::authority, "authority"},
    };
    for (const auto& [member, name] : parts) {
        auto wrong = files;
        wrong.*member = missing;
        const auto of_missing = refusal(wrong);
        EXPECT_TRUE(of_missing.starts_with(name + ": ") && of_missing.contains(missing.string())) << of_missing;
        EXPECT_TRUE(of_missing.ends_with("cannot be read: No such file or directory")) << of_missing;
        wrong.*member = text;
        const auto of_text = refusal(wrong);
        EXPECT_TRUE(of_text.starts_with(name + ": '" + text.string() + "' does not hold ")) << of_text;
        EXPECT_FALSE(of_text.contains(" lib")) << of_text;
        wrong.*member = made_.folder / ".";
        EXPECT_TRUE(refusal(wrong).starts_with(name + ": ")) << refusal(wrong);
    }
    auto folder = files;
    folder.certificate = made_.folder / ".";
    EXPECT_TRUE(refusal(folder).ends_with("cannot be read: Is a directory")) << refusal(folder);
}

TEST_F(tls_certificate_test, has_openssl_wipe_what_it_has_decrypted) {
    const tls_certificate certificate(files_);
    const auto connection = certificate.new_connection(0);
    EXPECT_NE(SSL_get_options(connection.get()) & SSL_OP_CLEANSE_PLAINTEXT, 0U);
}

}  // namespace
}  // namespace userinfo::net
