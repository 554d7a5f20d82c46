#include "programs/master_key_file.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/log.h"
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

void write(const fs::path& file, const std::string& text, mode_t mode = 0600) {
    std::ofstream(file) << text;
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
}

mode_t mode_of(const fs::path& file) {
    struct stat status{};
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return status.st_mode & 07777;
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
}

TEST(master_key_file, is_made_for_its_owner_alone) {
    const scratch_folder folder;
    const auto before = ::umask(0);
    const auto keys = load_master_keys(settings_in(folder), missing_key::make);
    ::umask(before);
    EXPECT_EQ(names_in(folder / ""), std::vector<std::string>{"master.key"});
    EXPECT_EQ(mode_of(folder / "master.key"), 0600U);
    EXPECT_EQ(text_of(folder / "master.key"), keys.to_text());
}

TEST(master_key_file, is_read_the_next_time_and_never_replaced) {
    const scratch_folder folder;
    const auto made = load_master_keys(settings_in(folder), missing_key::make);
    EXPECT_EQ(load_master_keys(settings_in(folder), missing_key::make).ids(), made.ids());
    EXPECT_EQ(text_of(folder / "master.key"), made.to_text());
}

TEST(master_key_file, is_a_new_one_in_each_folder) {
    const scratch_folder one, other;
    EXPECT_NE(load_master_keys(settings_in(one), missing_key::make).ids(),
              load_master_keys(settings_in(other), missing_key::make).ids());
}

TEST(master_key_file, is_not_made_anew_where_keys_are_sealed_with_a_missing_one) {
    const scratch_folder folder;
    EXPECT_EQ(complaint([&] { load_master_keys(settings_in(folder), missing_key::refuse); }),
              "keys.master_file: " + (folder / "master.key").string() +
                  " is missing, and the database's keys are sealed with it; restore it");
    EXPECT_TRUE(names_in(folder / "").empty());
}

TEST(master_key_file, may_stand_elsewhere) {
    const scratch_folder folder, elsewhere;
    auto settings = settings_in(folder);
    settings.keys.master_file = elsewhere / "my.key";
    const auto made = load_master_keys(settings, missing_key::make);
    EXPECT_EQ(text_of(elsewhere / "my.key"), made.to_text());
    EXPECT_TRUE(names_in(folder / "").empty());
}

TEST(master_key_file, is_read_with_or_without_the_end_of_its_line) {
    const scratch_folder folder;
    const auto key = master_key::generate();
    write(folder / "master.key", key.to_base64url());
    EXPECT_EQ(load_master_keys(settings_in(folder), missing_key::make).ids(), key.id());
}

TEST(master_key_file, is_refused_and_left_alone_if_it_is_damaged) {
    const auto key = master_key::generate().to_base64url();
    for (const auto& text : {std::string(), std::string("\n"), key.substr(1), key + "A", key + key, key + "=",
                             key + "\n=", key + "#", std::string(43, '!')}) {
        const scratch_folder folder;
        write(folder / "master.key", text);
        const auto told = complaint([&] { load_master_keys(settings_in(folder), missing_key::make); });
        EXPECT_EQ(told, "keys.master_file: " + (folder / "master.key").string() +
                            " does not hold 32 bytes in base64url, or several of them");
        EXPECT_EQ(text_of(folder / "master.key"), text);
    }
}

TEST(master_key_file, is_refused_if_it_is_larger_than_any_list_of_keys) {
    const scratch_folder folder;
    write(folder / "master.key", std::string(64 * 1024, '\n') + master_key::generate().to_base64url());
    const auto told = complaint([&] { load_master_keys(settings_in(folder), missing_key::make); });
    EXPECT_TRUE(told.contains("is too large"));
}

TEST(master_key_file, is_not_made_where_services_share_one) {
    const scratch_folder folder;
    const auto told = complaint([&] { load_master_keys(settings_in(folder), missing_key::refuse_to_make); });
    EXPECT_TRUE(told.contains("is missing"));
    EXPECT_FALSE(std::filesystem::exists(folder / "master.key"));
}

TEST(master_key_file, holds_several_keys_of_which_the_first_leads) {
    const scratch_folder folder;
    const auto older = master_key::generate();
    const auto newer = master_key::generate();
    write(folder / "master.key", newer.to_base64url() + '\n' + older.to_base64url() + '\n');
    EXPECT_EQ(load_master_keys(settings_in(folder), missing_key::refuse).ids(), newer.id() + ", " + older.id());
}

TEST(master_key_file, is_refused_if_others_may_use_it) {
    for (const mode_t mode : {0604, 0644, 0602, 0601, 0606}) {
        const scratch_folder folder;
        write(folder / "master.key", master_key::generate().to_base64url(), mode);
        EXPECT_EQ(complaint([&] { load_master_keys(settings_in(folder), missing_key::refuse); }),
                  "keys.master_file: " + (folder / "master.key").string() + " can be used by everybody; chmod 600 it");
    }
}

TEST(master_key_file, is_taken_with_a_warning_if_its_group_may_use_it) {
    const scratch_folder folder;
    const auto key = master_key::generate();
    for (const mode_t mode : {0600, 0400, 0640}) {
        write(folder / "master.key", key.to_base64url(), 0600);
        ASSERT_EQ(::chmod((folder / "master.key").c_str(), mode), 0);
        open_log({.file = folder / "log"});
        EXPECT_EQ(load_master_keys(settings_in(folder), missing_key::refuse).ids(), key.id());
        close_log();
        const auto log = text_of(folder / "log");
        EXPECT_EQ(log.find("can be used by a group") != log.npos, mode == 0640) << log;
        EXPECT_EQ(log.find(key.to_base64url()), log.npos);
        ASSERT_EQ(::chmod((folder / "master.key").c_str(), 0600), 0);
    }
}

TEST(master_key_file, is_replaced_as_a_whole_and_stays_its_owners) {
    const scratch_folder folder;
    const auto old = load_master_keys(settings_in(folder), missing_key::make);
    const auto fresh = master_key::generate();
    write(folder / "master.key.new", "left behind by a crash", 0644);
    const auto before = ::umask(0);
    replace_master_keys(folder / "master.key", old.led_by(fresh));
    ::umask(before);
    EXPECT_EQ(load_master_keys(settings_in(folder), missing_key::refuse).ids(), fresh.id() + ", " + old.ids());
    EXPECT_EQ(mode_of(folder / "master.key"), 0600U);
    EXPECT_EQ(names_in(folder / ""), std::vector<std::string>{"master.key"});
}

TEST(master_key_file, is_replaced_behind_a_link) {
    const scratch_folder folder, elsewhere;
    write(elsewhere / "my.key", master_key::generate().to_base64url());
    fs::create_symlink(elsewhere / "my.key", folder / "master.key");
    const auto fresh = master_key::generate();
    replace_master_keys(folder / "master.key", master_keys(fresh));
    EXPECT_TRUE(fs::is_symlink(folder / "master.key"));
    EXPECT_EQ(text_of(elsewhere / "my.key"), fresh.to_base64url() + '\n');
}

TEST(master_key_file, is_what_it_was_if_it_cannot_be_replaced) {
    const scratch_folder folder;
    const auto old = load_master_keys(settings_in(folder), missing_key::make);
    fs::create_directories(folder / "master.key.new" / "in the way");
    EXPECT_TRUE(complaint([&] {
                    replace_master_keys(folder / "master.key", master_keys(master_key::generate()));
                }).starts_with("keys.master_file: " + (folder / "master.key").string() + ": cannot be replaced: "));
    EXPECT_EQ(load_master_keys(settings_in(folder), missing_key::refuse).ids(), old.ids());
    EXPECT_TRUE(complaint([&] {
                    replace_master_keys(folder / "none", master_keys(master_key::generate()));
                }).contains("cannot be read"));
}

TEST(master_key_file, may_come_from_an_editor_on_windows) {
    const scratch_folder folder;
    const auto key = master_key::generate();
    write(folder / "master.key", "\xef\xbb\xbf" + key.to_base64url() + "\r\n");
    EXPECT_EQ(load_master_keys(settings_in(folder), missing_key::refuse).ids(), key.id());
}

TEST(master_key_file, is_named_if_it_cannot_be_made) {
    const scratch_folder folder;
    auto settings = settings_in(folder);
    settings.keys.master_file = folder / "missing" / "my.key";
    EXPECT_EQ(
        complaint([&] { load_master_keys(settings, missing_key::make); }),
        "keys.master_file: " + (folder / "missing/my.key").string() + ": cannot be made: No such file or directory");
}

TEST(master_key, from_the_environment_needs_no_file) {
    const scratch_folder folder;
    const auto key = master_key::generate();
    auto settings = settings_in(folder);
    settings.keys.master = key.to_base64url();
    EXPECT_EQ(load_master_keys(settings, missing_key::make).ids(), key.id());
    EXPECT_TRUE(names_in(folder / "").empty());
}

TEST(master_key, may_be_several_in_the_environment) {
    const scratch_folder folder;
    const auto newer = master_key::generate();
    const auto older = master_key::generate();
    auto settings = settings_in(folder);
    settings.keys.master = newer.to_base64url() + ", " + older.to_base64url();
    EXPECT_EQ(load_master_keys(settings, missing_key::refuse).ids(), newer.id() + ", " + older.id());
    EXPECT_EQ(master_key_file(settings), std::nullopt);
    EXPECT_EQ(master_key_file(settings_in(folder)), folder / "master.key");
}

TEST(master_key, from_the_environment_is_not_repeated_if_it_is_wrong) {
    const scratch_folder folder;
    auto settings = settings_in(folder);
    settings.keys.master = "do-not-repeat-this";
    EXPECT_EQ(complaint([&] { load_master_keys(settings, missing_key::make); }),
              "USERINFO_KEYS_MASTER does not hold 32 bytes in base64url, or several of them");
    EXPECT_TRUE(names_in(folder / "").empty());
}

}  // namespace
}  // namespace userinfo::programs
