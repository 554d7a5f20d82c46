#include <algorithm>

#include "contract/stores.h"
#include "support/eventually.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;
using date = std::chrono::year_month_day;

constexpr date birthday = std::chrono::year(1990) / 2 / 3;

class profile_store_contract : public store_contract {
protected:
    static profile_changes named(const std::string& username) {
        return {.username = username, .birthday = {}, .avatar = {}};
    }

    result<versioned_profile> create(const profile_changes& changes) {
        return run(profiles_.create(account_, changes, clock_.now()));
    }
    result<versioned_profile> update(const profile_changes& changes, write_condition condition = {}) {
        return run(profiles_.update(account_, changes, std::move(condition), clock_.now()));
    }
    result<versioned_profile> remove(write_condition condition = {}) {
        return run(profiles_.remove(account_, std::move(condition), clock_.now()));
    }
    static write_condition one_of(std::vector<std::uint64_t> versions) {
        return {.if_versions = std::move(versions), .unless_versions = {}};
    }
    static write_condition none_of(std::vector<std::uint64_t> versions) {
        return {.if_versions = {}, .unless_versions = std::move(versions)};
    }
    versioned_profile find() { return run(profiles_.find(account_)).value(); }

    uuid account_ = register_account("a@example.org");
};

INSTANTIATE_TEST_SUITE_P(, profile_store_contract, testing::ValuesIn(all_stores()), name_of);

TEST_P(profile_store_contract, nothing_is_version_zero) {
    EXPECT_EQ(find().version, 0u);
    EXPECT_FALSE(find().value);
    EXPECT_EQ(run(profiles_.find(uuid::random())).value().version, 0u);
}

TEST_P(profile_store_contract, gives_back_what_was_created) {
    const auto created =
        create({.username = "Ännchen", .birthday = {{birthday}}, .avatar = "https://example.org/a.png"});
    ASSERT_TRUE(created);
    for (const auto& each : {*created, find()}) {
        EXPECT_EQ(each.version, 1u);
        ASSERT_TRUE(each.value);
        EXPECT_EQ(each.value->account, account_);
        EXPECT_EQ(each.value->username, "Ännchen");
        EXPECT_EQ(each.value->birthday, birthday);
        EXPECT_EQ(each.value->avatar, "https://example.org/a.png");
        EXPECT_EQ(each.value->email, "a@example.org");
    }
}

TEST_P(profile_store_contract, finds_on_a_replica_what_it_has_if_there_is_one_that_answers) {
    ASSERT_TRUE(create(named("Anna")));
    const auto find_on_replica = [this](const uuid& account) { return run(profiles_.find_on_replica(account)); };
    if (!stores_->has_replica()) {
        EXPECT_FALSE(find_on_replica(account_).value());
        return;
    }
    EXPECT_TRUE(eventually([&] {
        const auto found = find_on_replica(account_);  // an error while not even the tables have been replicated
        return found && *found && (*found)->version == 1 && (*found)->value->username == "Anna";
    }));
    const auto nobody = find_on_replica(uuid::random()).value();
    ASSERT_TRUE(nobody);
    EXPECT_EQ(nobody->version, 0u);
    stores_->cut_off_replica();
    EXPECT_FALSE(find_on_replica(account_).value());
    stores_->reconnect_replica();
    EXPECT_TRUE(eventually([&] { return find_on_replica(account_).value().has_value(); }));
}

TEST_P(profile_store_contract, creates_a_profile_once) {
    ASSERT_TRUE(create(named("Anna")));
    EXPECT_EQ(code_of(create(named("Berta"))), errc::already_exists);
    EXPECT_EQ(find().value->username, "Anna");
    EXPECT_EQ(find().version, 1u);
}

TEST_P(profile_store_contract, creates_none_without_an_account) {
    EXPECT_EQ(code_of(run(profiles_.create(uuid::random(), named("Anna"), clock_.now()))), errc::not_found);
    ASSERT_TRUE(run(accounts_.remove(account_, {}, audit(audit_type::delete_account))));
    EXPECT_EQ(code_of(create(named("Anna"))), errc::not_found);
}

TEST_P(profile_store_contract, an_update_changes_only_what_it_names) {
    ASSERT_TRUE(create({.username = "Anna", .birthday = {{birthday}}, .avatar = "https://example.org/a.png"}));
    const auto renamed = update(named("Berta"));
    ASSERT_TRUE(renamed);
    for (const auto& each : {*renamed, find()}) {
        EXPECT_EQ(each.version, 2u);
        EXPECT_EQ(each.value->username, "Berta");
        EXPECT_EQ(each.value->birthday, birthday);
        EXPECT_EQ(each.value->avatar, "https://example.org/a.png");
        EXPECT_EQ(each.value->email, "a@example.org");
    }
}

TEST_P(profile_store_contract, an_update_can_clear_fields) {
    ASSERT_TRUE(create({.username = "Anna", .birthday = {{birthday}}, .avatar = "https://example.org/a.png"}));
    ASSERT_TRUE(update({.username = {}, .birthday = {std::optional<date>()}, .avatar = ""}));
    EXPECT_EQ(find().value->username, "Anna");
    EXPECT_FALSE(find().value->birthday);
    EXPECT_EQ(find().value->avatar, "");
}

TEST_P(profile_store_contract, updates_and_removes_none_that_is_not_there) {
    EXPECT_EQ(code_of(update(named("Anna"))), errc::not_found);
    EXPECT_EQ(code_of(remove()), errc::not_found);
    ASSERT_TRUE(create(named("Anna")));
    ASSERT_TRUE(remove());
    EXPECT_EQ(code_of(update(named("Anna"))), errc::not_found);
    EXPECT_EQ(code_of(remove()), errc::not_found);
}

TEST_P(profile_store_contract, checks_the_version_that_a_write_is_conditional_on) {
    ASSERT_TRUE(create(named("Anna")));
    EXPECT_EQ(code_of(update(named("Berta"), one_of({2}))), errc::version_mismatch);
    EXPECT_EQ(code_of(remove(one_of({7}))), errc::version_mismatch);
    EXPECT_EQ(find().value->username, "Anna");
    EXPECT_EQ(update(named("Berta"), one_of({1}))->version, 2u);
    EXPECT_EQ(remove(one_of({2}))->version, 3u);
}

TEST_P(profile_store_contract, a_write_may_be_conditional_on_one_of_several_versions) {
    ASSERT_TRUE(create(named("Anna")));
    EXPECT_EQ(code_of(update(named("Berta"), one_of({0, 2, 7}))), errc::version_mismatch);
    EXPECT_EQ(code_of(remove(one_of({0, 2, 7}))), errc::version_mismatch);
    EXPECT_EQ(find().version, 1u);
    EXPECT_EQ(update(named("Berta"), one_of({9, 0, 1}))->version, 2u);
    EXPECT_EQ(remove(one_of({2, 3}))->version, 3u);
}

TEST_P(profile_store_contract, a_write_may_be_conditional_on_another_version_than_some) {
    ASSERT_TRUE(create(named("Anna")));
    EXPECT_EQ(code_of(update(named("Berta"), none_of({7, 1}))), errc::version_mismatch);
    EXPECT_EQ(code_of(remove(none_of({1}))), errc::version_mismatch);
    EXPECT_EQ(find().version, 1u);
    EXPECT_EQ(update(named("Berta"), none_of({0, 2}))->version, 2u);
    EXPECT_EQ(remove(none_of({1}))->version, 3u);
}

TEST_P(profile_store_contract, a_tombstone_keeps_the_version_and_no_personal_data) {
    ASSERT_TRUE(create(named("Anna")));
    const auto removed = remove();
    ASSERT_TRUE(removed);
    for (const auto& each : {*removed, find()}) {
        EXPECT_EQ(each.version, 2u);
        EXPECT_FALSE(each.value);
    }
    EXPECT_EQ(stores_->count_mentions("Anna"), 0u);
}

TEST_P(profile_store_contract, creating_again_goes_on_from_the_tombstones_version) {
    ASSERT_TRUE(create({.username = "Anna", .birthday = {{birthday}}, .avatar = {}}));
    ASSERT_TRUE(remove());
    const auto again = create(named("Anna"));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->version, 3u);
    EXPECT_FALSE(again->value->birthday);
    EXPECT_EQ(find().version, 3u);
}

TEST_P(profile_store_contract, of_racing_conditional_updates_one_wins) {
    ASSERT_TRUE(create(named("Anna")));
    std::vector<profile_changes> changes;
    for (int i = 0; i < 40; ++i) changes.push_back(named("name " + std::to_string(i)));
    std::vector<task<result<versioned_profile>>> updates;
    for (const auto& each : changes) updates.push_back(profiles_.update(account_, each, one_of({1}), clock_.now()));
    const auto outcomes = run_together(std::move(updates));
    EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& each) { return each.has_value(); }), 1);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i])
            EXPECT_EQ(find().value->username, changes[i].username);
        else
            EXPECT_EQ(outcomes[i].error().code, errc::version_mismatch);
    }
    EXPECT_EQ(find().version, 2u);
}

TEST_P(profile_store_contract, racing_unconditional_updates_each_get_a_version_of_their_own) {
    ASSERT_TRUE(create(named("Anna")));
    const auto changes = named("Berta");
    std::vector<task<result<versioned_profile>>> updates;
    for (int i = 0; i < 40; ++i) updates.push_back(profiles_.update(account_, changes, {}, clock_.now()));
    std::vector<std::uint64_t> versions;
    for (const auto& each : run_together(std::move(updates))) versions.push_back(each.value().version);
    std::ranges::sort(versions);
    for (std::size_t i = 0; i < versions.size(); ++i) EXPECT_EQ(versions[i], i + 2);
}

TEST_P(profile_store_contract, of_racing_creates_one_wins) {
    const auto changes = named("Anna");
    std::vector<task<result<versioned_profile>>> creates;
    for (int i = 0; i < 20; ++i) creates.push_back(profiles_.create(account_, changes, clock_.now()));
    const auto outcomes = run_together(std::move(creates));
    EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& each) { return each.has_value(); }), 1);
}

}  // namespace

}  // namespace userinfo::test
