#include "base/secret_file.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/log.h"
#include "support/complaint_of.h"
#include "support/scratch_folder.h"

namespace userinfo {
namespace {

class secret_file_test : public testing::Test {
protected:
    ~secret_file_test() override { close_log(); }

    void write(std::string_view text, mode_t mode = 0600) const {
        std::ofstream(file_, std::ios::binary) << text;
        ASSERT_EQ(::chmod(file_.c_str(), mode), 0);
    }

    std::string line_of(std::string_view text) const {
        write(text);
        return std::string(secret_file(file_).line());
    }

    std::string complaint() const {
        return test::complaint_of([&] { const secret_file refused(file_); });
    }

    const test::scratch_folder folder_;
    const std::filesystem::path file_ = folder_ / "password";
};

TEST_F(secret_file_test, is_a_line_without_what_editors_add) {
    EXPECT_EQ(line_of("s3cret"), "s3cret");
    EXPECT_EQ(line_of(" s3cret \n"), " s3cret ");
    EXPECT_EQ(line_of("s3cret\r\n\r\n"), "s3cret");
    EXPECT_EQ(line_of("\xef\xbb\xbfs3cret\r\n"), "s3cret");
    EXPECT_EQ(line_of(""), "");
}

TEST_F(secret_file_test, of_several_lines_is_refused_by_name) {
    for (const auto* text : {"s3cret\nand more\n", "s3cret\rand more", "\ns3cret"}) {
        EXPECT_EQ(test::complaint_of([&] { line_of(text); }), file_.string() + " has more than one line");
    }
}

TEST_F(secret_file_test, keeps_the_lines_of_its_text) {
    write("\xef\xbb\xbfone\r\ntwo\n");
    EXPECT_EQ(secret_file(file_).text(), "one\r\ntwo\n");
}

TEST_F(secret_file_test, is_refused_if_others_may_use_it) {
    for (const mode_t mode : {0604, 0602, 0601, 0644}) {
        write("s3cret", mode);
        EXPECT_EQ(complaint(), file_.string() + " can be used by everybody; chmod 600 it");
    }
}

TEST_F(secret_file_test, is_taken_with_a_warning_if_its_group_may_use_it) {
    open_log({.file = folder_ / "log"});
    write("s3cret", 0640);
    EXPECT_EQ(secret_file(file_).text(), "s3cret");
    close_log();
    std::ifstream log(folder_ / "log");
    std::string line;
    EXPECT_TRUE(std::getline(log, line) && line.contains("can be used by a group") && line.contains(file_.string()));
}

TEST_F(secret_file_test, is_not_larger_than_any_secret) {
    write(std::string(64 * 1024 - 1, 'a'));
    EXPECT_EQ(secret_file(file_).text().size(), 64u * 1024 - 1);
    write(std::string(64 * 1024, 'a'));
    EXPECT_EQ(complaint(), file_.string() + " is too large for a secret");
}

}  // namespace
}  // namespace userinfo
