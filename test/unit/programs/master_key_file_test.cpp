#include "programs/master_key_file.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/scratch_folder.h"
#include "unit/programs/config_file.h"

namespace userinfo::programs {
namespace {

namespace fs = std::filesystem;
using test::complaint;
using userinfo::test::scratch_folder;

settings settings_in(const scratch_folder& folder) {
    settings settings;
    settings.data_dir = folder / "";
    return settings;
}

std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
}

TEST(master_key_file, is_made_for_its_owner_alone) {
    const scratch_folder folder;
    const auto before = ::umask(0);
    const auto key = load_master_key(settings_in(folder), missing_key::make);
    ::umask(before);
    EXPECT_EQ(names_in(folder / ""), std::vector<std::string>{"master.key"});
    struct stat status{};
    ASSERT_EQ(::stat((folder / "master.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U);
    EXPECT_EQ(text_of(folder / "master.key"), key.to_base64url() + "\n");
}

TEST(master_key_file, is_read_the_next_time_and_never_replaced) {
    const scratch_folder folder;
    const auto made = load_master_key(settings_in(folder), missing_key::make);
    EXPECT_EQ(load_master_key(settings_in(folder), missing_key::make).id(), made.id());
    EXPECT_EQ(text_of(folder / "master.key"), made.to_base64url() + "\n");
}

TEST(master_key_file, is_a_new_one_in_each_folder) {
    const scratch_folder one, other;
    EXPECT_NE(load_master_key(settings_in(one), missing_key::make).id(),
              load_master_key(settings_in(other), missing_key::make).id());
}

TEST(master_key_file, is_not_made_anew_where_keys_are_sealed_with_a_missing_one) {
    const scratch_folder folder;
    EXPECT_EQ(complaint([&] { load_master_key(settings_in(folder), missing_key::refuse); }),
              "keys.master_file: " + (folder / "master.key").string() +
                  " is missing, and the database's keys are sealed with it; restore it");
    EXPECT_TRUE(names_in(folder / "").empty());
}

TEST(master_key_file, may_stand_elsewhere) {
    const scratch_folder folder, elsewhere;
    auto settings = settings_in(folder);
    settings.keys.master_file = elsewhere / "my.key";
    const auto made = load_master_key(settings, missing_key::make);
    EXPECT_EQ(text_of(elsewhere / "my.key"), made.to_base64url() + "\n");
    EXPECT_TRUE(names_in(folder / "").empty());
}

TEST(master_key_file, is_read_with_or_without_the_end_of_its_line) {
    const scratch_folder folder;
    const auto key = master_key::generate();
    std::ofstream(folder / "master.key") << key.to_base64url();
    EXPECT_EQ(load_master_key(settings_in(folder), missing_key::make).id(), key.id());
}

TEST(master_key_file, is_refused_and_left_alone_if_it_is_damaged) {
    const auto key = master_key::generate().to_base64url();
    for (const auto& text : {std::string(), std::string("\n"), key.substr(1), key + "A", " " + key, key + " ",
                             key + "=", "\n" + key, std::string(43, '!')}) {
        const scratch_folder folder;
        std::ofstream(folder / "master.key") << text;
        const auto told = complaint([&] { load_master_key(settings_in(folder), missing_key::make); });
        EXPECT_EQ(told,
                  "keys.master_file: " + (folder / "master.key").string() + " does not hold 32 bytes in base64url");
        EXPECT_EQ(text_of(folder / "master.key"), text);
    }
}

TEST(master_key_file, is_named_if_it_cannot_be_made) {
    const scratch_folder folder;
    auto settings = settings_in(folder);
    settings.keys.master_file = folder / "missing" / "my.key";
    EXPECT_EQ(
        complaint([&] { load_master_key(settings, missing_key::make); }),
        "keys.master_file: " + (folder / "missing/my.key").string() + ": cannot be made: No such file or directory");
}

TEST(master_key, from_the_environment_needs_no_file) {
    const scratch_folder folder;
    const auto key = master_key::generate();
    auto settings = settings_in(folder);
    settings.keys.master = key.to_base64url();
    EXPECT_EQ(load_master_key(settings, missing_key::make).id(), key.id());
    EXPECT_TRUE(names_in(folder / "").empty());
}

TEST(master_key, from_the_environment_is_not_repeated_if_it_is_wrong) {
    const scratch_folder folder;
    auto settings = settings_in(folder);
    settings.keys.master = "do-not-repeat-this";
    EXPECT_EQ(complaint([&] { load_master_key(settings, missing_key::make); }),
              "USERINFO_KEYS_MASTER does not hold 32 bytes in base64url");
    EXPECT_TRUE(names_in(folder / "").empty());
}

}  // namespace
}  // namespace userinfo::programs
