#include "programs/secret_file.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/scratch_folder.h"
#include "unit/programs/config_file.h"

namespace userinfo::programs {
namespace {

using test::complaint;

class secret_file_test : public testing::Test {
protected:
    std::string line_of(std::string_view text) {
        std::ofstream(file_, std::ios::binary) << text;
        EXPECT_EQ(::chmod(file_.c_str(), 0600), 0);
        return std::string(secret_file("redis.password_file", file_).line());
    }

    const userinfo::test::scratch_folder folder_;
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
        const auto told = complaint([&] { line_of(text); });
        EXPECT_EQ(told, "redis.password_file: " + file_.string() + " has more than one line");
    }
}

TEST_F(secret_file_test, keeps_the_lines_of_its_text) {
    line_of("\xef\xbb\xbf");
    std::ofstream(file_, std::ios::binary) << "\xef\xbb\xbfone\r\ntwo\n";
    EXPECT_EQ(secret_file("keys.master_file", file_).text(), "one\r\ntwo\n");
}

}  // namespace
}  // namespace userinfo::programs
