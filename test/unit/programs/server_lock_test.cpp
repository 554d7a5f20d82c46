#include "programs/server_lock.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch_folder.h"
#include "unit/programs/config_file.h"

namespace userinfo::programs {
namespace {

using test::complaint;
using userinfo::test::scratch_folder;

TEST(server_lock, is_held_by_one_server_at_a_time) {
    const scratch_folder folder, other;
    const auto lock_again = [&] { server_lock second(folder / "."); };
    {
        const server_lock first(folder / ".");
        EXPECT_EQ(complaint(lock_again), "data_dir: " + (folder / ".").string() + " is in use by another server");
        EXPECT_EQ(complaint([&] { server_lock elsewhere(other / "."); }), "(none)");
    }
    EXPECT_EQ(complaint(lock_again), "(none)");
}

TEST(server_lock, makes_the_folder_that_it_guards) {
    const scratch_folder folder;
    EXPECT_EQ(complaint([&] { server_lock lock(folder / "new"); }), "(none)");
    EXPECT_TRUE(std::filesystem::is_directory(folder / "new"));
}

TEST(server_lock, names_a_folder_that_cannot_be_made) {
    const scratch_folder folder;
    const auto file = folder / "file";
    std::ofstream(file) << "not a folder";
    EXPECT_TRUE(complaint([&] { server_lock lock(file / "data"); }).starts_with("data_dir: "));
}

TEST(server_lock, tells_who_owns_a_folder_that_it_may_not_use) {
    const scratch_folder folder;
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, who alone can become another user";
    ASSERT_EQ(::chmod((folder / ".").c_str(), 0755), 0);
    ASSERT_EQ(::seteuid(54'321), 0);
    const auto told = complaint([&] { server_lock lock(folder / "."); });
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_EQ(told, "data_dir: cannot create '" + (folder / "." / "server.lock").string() +
                        "': Permission denied; the folder belongs to root, but this program runs as user 54321: run it "
                        "as root, or chown -R the folder to user 54321");
}

}  // namespace
}  // namespace userinfo::programs
