#include "programs/server_lock.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace userinfo::programs
