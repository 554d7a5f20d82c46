// Announcing and following on three real members of etcd.
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "discovery/etcd_credentials.h"
#include "discovery/registration.h"
#include "discovery/watcher.h"
#include "support/environment.h"
#include "support/eventually.h"

namespace userinfo::discovery {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using instances = std::vector<service_instance>;

const service_instance first{.address = "127.0.0.1:1", .version = "1", .weight = 1};
const service_instance second{.address = "127.0.0.1:2", .version = "2", .weight = 5};

std::vector<std::string> members() {
    std::vector<std::string> all;
    std::istringstream text(test::environment_variable("ETCD_ENDPOINTS"));
    for (std::string member; std::getline(text, member, ',');) all.push_back(member);
    return all;
}

// etcd's own client, as another program would use it. While the members elect a leader it is told to come again.
void etcdctl(const std::string& command) {
    const auto whole = fmt::format("ETCDCTL_API=3 etcdctl --endpoints {} {} >/dev/null",
                                   test::environment_variable("ETCD_ENDPOINTS"), command);
    ASSERT_TRUE(eventually([&] { return std::system(whole.c_str()) == 0; })) << whole;
}

// Does not run for as long as it lives: its clients hear nothing from it.
class silenced_member {
public:
    explicit silenced_member(std::size_t place) {
        std::ifstream file(fmt::format("{}/etcd-{}/pid", test::environment_variable("ETCD_FOLDER"), place + 1));
        file >> pid_;
        EXPECT_EQ(::kill(pid_, SIGSTOP), 0);
    }
    ~silenced_member() { ::kill(pid_, SIGCONT); }

    silenced_member(const silenced_member&) = delete;
    silenced_member& operator=(const silenced_member&) = delete;

private:
    pid_t pid_ = 0;
};

class discovery_test : public testing::Test {
protected:
    etcd_settings settings(std::chrono::seconds lease = 10s) const {
        return {
            .endpoints = members(), .credentials = discovery::etcd_credentials({}), .prefix = prefix_, .lease = lease};
    }

    std::unique_ptr<watcher> follow() {
        return std::make_unique<watcher>(settings(), [this](instances now) {
            const std::scoped_lock lock(mutex_);
            known_ = std::move(now);
            ++changes_;
        });
    }

    bool knows(const instances& wanted, std::chrono::milliseconds limit = 20s) {
        return eventually(
            [&] {
                const std::scoped_lock lock(mutex_);
                return known_ == wanted;
            },
            limit);
    }

    std::string key_of(const service_instance& instance) const { return prefix_ + "/services/" + instance.address; }

    const std::string prefix_ = uuid::random().to_string();
    std::mutex mutex_;
    std::optional<instances> known_;
    int changes_ = 0;
};

TEST_F(discovery_test, who_is_announced_before_or_while_somebody_follows_is_known) {
    const registration early(settings(), first);
    const auto following = follow();
    EXPECT_TRUE(knows({first}));
    const registration late(settings(), second);
    EXPECT_TRUE(knows({first, second}));
}

TEST_F(discovery_test, that_there_is_nobody_is_known_too) {
    const auto following = follow();
    EXPECT_TRUE(knows({}));
}

TEST_F(discovery_test, who_withdraws_is_gone_at_once) {
    const auto following = follow();
    registration leaving(settings(), first);
    const registration staying(settings(), second);
    ASSERT_TRUE(knows({first, second}));
    leaving.withdraw();
    EXPECT_TRUE(knows({second}, 1s));
}

TEST_F(discovery_test, who_dies_is_gone_when_its_lease_ends) {
    const auto following = follow();
    const auto dead =
        fmt::format("put --lease=$(ETCDCTL_API=3 etcdctl --endpoints {} lease grant 2 | cut -d' ' -f2) '{}' '{}'",
                    members().front(), key_of(first), to_text(first));
    etcdctl(dead);
    ASSERT_TRUE(knows({first}));
    EXPECT_TRUE(knows({}));
}

TEST_F(discovery_test, is_announced_for_much_longer_than_its_lease) {
    const auto following = follow();
    const registration living(settings(1s), first);
    ASSERT_TRUE(knows({first}));
    EXPECT_FALSE(knows({}, 4s));
}

TEST_F(discovery_test, is_announced_again_when_etcd_has_forgotten_its_lease) {
    const auto following = follow();
    const registration living(settings(3s), first);
    ASSERT_TRUE(knows({first}));
    etcdctl("lease revoke $(ETCDCTL_API=3 etcdctl --endpoints " + members().front() + " get -w fields '" +
            key_of(first) + "' | sed -n 's/\"Lease\" : //p' | xargs printf '%x')");
    EXPECT_TRUE(knows({}));
    EXPECT_TRUE(knows({first}));
}

TEST_F(discovery_test, what_is_no_service_is_passed_over) {
    const auto following = follow();
    etcdctl(fmt::format("put '{}' nonsense", key_of(first)));
    const registration good(settings(), second);
    EXPECT_TRUE(knows({second}));
}

TEST_F(discovery_test, a_member_that_falls_silent_costs_neither_announcements_nor_news) {
    const auto following = follow();
    const registration staying(settings(3s), first);
    ASSERT_TRUE(knows({first}));
    {
        const silenced_member silenced(0);  // the one that both have asked
        const registration late(settings(3s), second);
        EXPECT_TRUE(knows({first, second}));
        EXPECT_FALSE(knows({second}, 5s));
    }
    EXPECT_TRUE(knows({first}));
}

TEST_F(discovery_test, members_that_fall_silent_one_after_the_other_cost_no_announcement) {
    const auto following = follow();
    const registration living(settings(3s), first);
    ASSERT_TRUE(knows({first}));
    for (std::size_t place = 0; place < members().size(); ++place) {
        const silenced_member silenced(place);
        registration coming(settings(), second);
        EXPECT_TRUE(knows({first, second})) << place;
        coming.withdraw();
        EXPECT_TRUE(knows({first})) << place;
    }
}

// A lease of 1 s is kept alive every third of one: some of these meet it.
TEST_F(discovery_test, who_withdraws_while_the_lease_is_kept_alive_does_not_come_back) {
    constexpr int count = 12;
    constexpr auto step = 40ms;
    const auto following = follow();
    std::vector<std::unique_ptr<registration>> leaving;
    instances all;
    for (int i = 1; i <= count; ++i)
        all.push_back({.address = fmt::format("127.0.0.1:{:02}", i), .version = "1", .weight = 1});
    for (const auto& each : all) leaving.push_back(std::make_unique<registration>(settings(1s), each));
    ASSERT_TRUE(knows(all));
    for (auto& each : leaving) {
        each->withdraw();
        std::this_thread::sleep_for(step);
    }
    EXPECT_TRUE(knows({}, 1s));
    EXPECT_FALSE(eventually([&] { return !knows({}, 0ms); }, 2s));
}

TEST_F(discovery_test, while_etcd_is_silent_the_last_known_stay_and_afterwards_the_news_come) {
    const auto following = follow();
    const registration staying(settings(), first);
    ASSERT_TRUE(knows({first}));
    std::optional<registration> late;
    {
        const std::array silenced{silenced_member(0), silenced_member(1), silenced_member(2)};
        late.emplace(settings(), second);
        EXPECT_FALSE(knows({}, 4s));
        EXPECT_TRUE(knows({first}, 0s));
    }
    EXPECT_TRUE(knows({first, second}));
}

TEST_F(discovery_test, a_watch_of_what_was_compacted_begins_with_the_list) {
    const auto following = follow();
    ASSERT_TRUE(knows({}));
    {
        const silenced_member silenced(0);
        etcdctl(fmt::format("--command-timeout=3s put '{}' '{}'", key_of(first), to_text(first)));
        etcdctl("compact $(ETCDCTL_API=3 etcdctl --endpoints " + members().back() +
                " get -w fields x | sed -n 's/\"Revision\" : //p')");
        EXPECT_TRUE(knows({first}));
    }
}

TEST_F(discovery_test, the_end_does_not_wait_for_etcd) {
    auto following = follow();
    auto announced = std::make_unique<registration>(settings(), first);
    ASSERT_TRUE(knows({first}));
    const std::array silenced{silenced_member(0), silenced_member(1), silenced_member(2)};
    const auto began = std::chrono::steady_clock::now();
    following.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 500ms);
    announced.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

}  // namespace
}  // namespace userinfo::discovery
