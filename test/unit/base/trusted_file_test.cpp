#include "base/trusted_file.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/complaint_of.h"
#include "support/scratch_folder.h"

namespace userinfo {
namespace {

namespace fs = std::filesystem;

constexpr uid_t stranger = 54'321;

class trusted_file : public testing::Test {
protected:
    trusted_file() {
        fs::create_directories(folder_);
        std::ofstream(file_) << "s3cret";
    }

    static std::string read(const fs::path& file) {
        const auto opened = open_trusted_file(file);
        char text[16];
        const auto size = ::read(opened.number(), text, sizeof text);
        return {text, static_cast<std::size_t>(size)};
    }

    static std::string complaint(const fs::path& file) {
        return test::complaint_of([&] { open_trusted_file(file); });
    }

    std::string complaint() const { return complaint(file_); }

    // Only root may give files away.
    static bool give_away(const fs::path& file, uid_t owner, gid_t group) {
        return ::lchown(file.c_str(), owner, group) == 0;
    }

    static void set_mode(const fs::path& file, mode_t mode) { ASSERT_EQ(::chmod(file.c_str(), mode), 0); }

    const test::scratch_folder scratch_;
    const fs::path folder_ = scratch_ / "folder";
    const fs::path file_ = folder_ / "secret";
};

TEST_F(trusted_file, is_opened_however_it_is_named) {
    EXPECT_EQ(read(file_), "s3cret");
    EXPECT_EQ(read(folder_ / "." / ".." / "folder" / "secret"), "s3cret");
    EXPECT_EQ(read("/" + file_.string()), "s3cret");
    const auto before = fs::current_path();
    fs::current_path(folder_);
    const auto text = read("secret");
    fs::current_path(before);
    EXPECT_EQ(text, "s3cret");
}

TEST_F(trusted_file, may_be_behind_links_in_a_sticky_folder_as_in_kubernetes) {
    set_mode(folder_, 01777);
    fs::create_directory(folder_ / "..2026_11_30");
    fs::rename(file_, folder_ / "..2026_11_30" / "secret");
    fs::create_symlink("..2026_11_30", folder_ / "..data");
    fs::create_symlink("..data/secret", file_);
    EXPECT_EQ(read(file_), "s3cret");
    fs::create_symlink(file_, folder_ / "absolute");
    EXPECT_EQ(read(folder_ / "absolute"), "s3cret");
}

TEST_F(trusted_file, is_refused_if_another_user_has_made_it) {
    if (!give_away(file_, stranger, 0)) GTEST_SKIP() << "needs root";
    EXPECT_EQ(complaint(), file_.string() +
                               " belongs to user 54321, but this program runs as root; run it as user 54321, "
                               "or chown the file to root");
}

TEST_F(trusted_file, may_belong_to_the_user_of_the_program_or_to_root) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    set_mode(file_, 0644);
    set_mode(scratch_ / "", 0755);
    ASSERT_EQ(::seteuid(stranger), 0);
    const auto of_root = read(file_);
    ASSERT_EQ(::seteuid(0), 0);
    ASSERT_TRUE(give_away(file_, stranger, 0) && give_away(folder_, stranger, 0));
    ASSERT_EQ(::seteuid(stranger), 0);
    const auto own = read(file_);
    ASSERT_EQ(::seteuid(0), 0);
    ASSERT_TRUE(give_away(file_, stranger + 1, 0));
    ASSERT_EQ(::seteuid(stranger), 0);
    const auto told = complaint();
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_EQ(of_root, "s3cret");
    EXPECT_EQ(own, "s3cret");
    EXPECT_TRUE(
        told.contains("belongs to user 54322, but this program runs as user 54321; run it as user 54322, or "
                      "chown the file to root or user 54321"))
        << told;
}

TEST_F(trusted_file, is_refused_in_a_folder_of_another_user) {
    if (!give_away(folder_, stranger, 0)) GTEST_SKIP() << "needs root";
    EXPECT_EQ(complaint(),
              file_.string() + " cannot be trusted: " + folder_.string() +
                  " belongs to user 54321, but this program runs as root; run it as user 54321, or keep the "
                  "file where all folders and links belong to root");
    set_mode(folder_, 01777);
    EXPECT_TRUE(complaint().contains(folder_.string() + " belongs to user 54321"));
}

TEST_F(trusted_file, is_refused_behind_a_link_of_another_user) {
    const auto link = scratch_ / "link";
    fs::create_symlink(file_, link);
    if (!give_away(link, stranger, 0)) GTEST_SKIP() << "needs root";
    EXPECT_TRUE(complaint(link).contains(link.string() + " belongs to user 54321"));
    const auto way = scratch_ / "way";
    fs::create_symlink(folder_, way);
    ASSERT_TRUE(give_away(way, stranger, 0));
    EXPECT_TRUE(complaint(way / "secret").contains(way.string() + " belongs to user 54321"));
}

TEST_F(trusted_file, is_refused_in_a_folder_that_everybody_can_write) {
    for (const auto& open : {folder_, scratch_ / ""}) {
        set_mode(open, 0777);
        const auto name = open == folder_ ? folder_ : folder_.parent_path();
        EXPECT_EQ(complaint(), file_.string() + " cannot be trusted: " + name.string() +
                                   " can be written by everybody; chmod o-w it");
        set_mode(open, 0700);
    }
    EXPECT_EQ(read(file_), "s3cret");
}

TEST_F(trusted_file, is_refused_in_a_folder_that_a_group_can_write_unless_it_is_roots) {
    set_mode(folder_, 0770);
    if (!give_away(folder_, 0, stranger)) GTEST_SKIP() << "needs root";
    EXPECT_TRUE(complaint().contains(folder_.string() + " can be written by group 54321; chmod g-w it"));
    ASSERT_TRUE(give_away(folder_, 0, 0));
    EXPECT_EQ(read(file_), "s3cret");
}

TEST_F(trusted_file, is_refused_if_a_group_can_write_it_unless_it_is_roots) {
    set_mode(file_, 0660);
    if (!give_away(file_, 0, stranger)) GTEST_SKIP() << "needs root";
    EXPECT_TRUE(complaint().contains(file_.string() + " can be written by group 54321; chmod g-w it"));
    ASSERT_TRUE(give_away(file_, 0, 0));
    EXPECT_EQ(read(file_), "s3cret");
}

TEST_F(trusted_file, may_be_missing_where_this_program_may_make_it) {
    const auto refusal = [](const fs::path& file) { return test::complaint_of([&] { require_trusted_place(file); }); };
    const auto missing = folder_ / "data" / "secret";
    EXPECT_NO_THROW(require_trusted_place(missing));
    EXPECT_NO_THROW(require_trusted_place(folder_ / "secret"));
    EXPECT_EQ(refusal(file_ / "secret"), (file_ / "secret").string() + ": cannot be read: Not a directory");
    set_mode(folder_, 0777);
    EXPECT_TRUE(refusal(missing).contains(folder_.string() + " can be written by everybody"));
    EXPECT_FALSE(fs::exists(folder_ / "data"));
}

// To open a pipe would wait for whoever writes it.
TEST_F(trusted_file, is_a_regular_one) {
    const auto pipe = folder_ / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    fs::create_symlink(pipe, folder_ / "link");
    for (const fs::path& file : {pipe, folder_ / "link", folder_, fs::path("/dev/null"), fs::path("/")}) {
        EXPECT_EQ(complaint(file), file.string() + " is not a regular file");
    }
}

TEST_F(trusted_file, is_named_with_the_reason_if_it_cannot_be_found) {
    fs::create_symlink("round", folder_ / "round");
    EXPECT_EQ(complaint(folder_ / "none"), (folder_ / "none").string() + ": cannot be read: No such file or directory");
    EXPECT_EQ(complaint(file_ / "more"), (file_ / "more").string() + ": cannot be read: Not a directory");
    EXPECT_EQ(complaint(folder_ / "round"),
              (folder_ / "round").string() + ": cannot be read: Too many levels of symbolic links");
}

}  // namespace
}  // namespace userinfo
