// The client of Redis Cluster on a real cluster to which all happens that can: slots move, nodes die, stop and come
// back. Whatever happens, nobody waits longer than the limit, and it ends by itself.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/log.h"
#include "contract/redis_client.h"
#include "contract/redis_servers.h"
#include "storage/redis/cache_keys.h"
#include "storage/redis/redis_account_cache.h"
#include "storage/redis/redis_profile_cache.h"
#include "storage/redis/redis_session_cache.h"
#include "storage/redis/redis_source_limits.h"
#include "support/eventually.h"
#include "support/manual_clock.h"
#include "support/scratch_folder.h"

namespace userinfo::redis {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using test::eventually;

// Longer than the limit of 50 ms by what a busy machine may add.
constexpr std::chrono::milliseconds no_hang{1000};

profile_ptr version(std::uint64_t number) {
    return std::make_shared<const versioned_profile>(versioned_profile{.version = number, .value = {}});
}

class redis_faults : public testing::Test {
protected:
    redis_faults() {
        servers_.make_whole();
        EXPECT_TRUE(eventually([&] { return client_.run(client_.cluster().load()); }));
    }
    ~redis_faults() override { servers_.make_whole(); }

    cluster_settings settings() const {
        auto settings = servers_.settings();
        // What a test sees is not done by the look at all slots that comes now and then.
        settings.refresh_interval = 1h;
        return settings;
    }

    bool put(std::uint64_t number) { return client_.run(profiles_.put(account_, version(number))); }

    // 0: not known. Fails the test if it takes longer than anybody may wait.
    std::uint64_t get() {
        const auto begin = steady::now();
        const auto found = client_.run(accounts_.get(account_, uuid::random())).profile;
        EXPECT_LT(steady::now() - begin, no_hang);
        return found ? found->version : 0;
    }

    // How long questions take, one after the other.
    std::vector<steady::duration> time_gets(std::size_t count) {
        std::vector<steady::duration> took;
        for (std::size_t i = 0; i < count; ++i) {
            const auto begin = steady::now();
            get();
            took.push_back(steady::now() - begin);
        }
        return took;
    }

    double figure(const std::string& name) {
        std::istringstream lines(client_.figures().text());
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with(name + ' ')) return std::stod(line.substr(name.size() + 1));
        }
        ADD_FAILURE() << "no metric " << name;
        return -1;
    }

    // How often `node` has refused with this error.
    int count_errors(const endpoint& node, const std::string& error) {
        const auto stats = servers_.text(node, {"INFO", "errorstats"});
        const auto at = stats.find("errorstat_" + error + ":count=");
        return at == stats.npos ? 0 : std::stoi(stats.substr(stats.find('=', at) + 1));
    }

    endpoint other_primary(const endpoint& than) {
        for (const auto& node : servers_.primaries()) {
            if (node != than) return node;
        }
        throw std::logic_error("there is but one primary");
    }

    void command_on(const endpoint& node, std::initializer_list<std::string_view> words) {
        const auto got = servers_.ask(node, words);
        ASSERT_FALSE(got.is_error()) << got.error();
    }

    std::string id_of(const endpoint& node) { return servers_.text(node, {"CLUSTER", "MYID"}); }

    void begin_migration(const endpoint& from, const endpoint& to) {
        command_on(to, {"CLUSTER", "SETSLOT", slot_, "IMPORTING", id_of(from)});
        command_on(from, {"CLUSTER", "SETSLOT", slot_, "MIGRATING", id_of(to)});
    }
    void move_key(const endpoint& from, const endpoint& to) {
        command_on(from, {"MIGRATE", to.host, std::to_string(to.port), "", "0", "5000", "AUTH",
                          servers_.settings().password, "KEYS", key_});
    }
    void end_migration(const endpoint& from, const endpoint& to) {
        for (const auto& node : {to, from}) command_on(node, {"CLUSTER", "SETSLOT", slot_, "NODE", id_of(to)});
    }

    test::redis_servers servers_;
    test::redis_client client_{settings()};
    redis_profile_cache profiles_{client_.cluster()};
    redis_account_cache accounts_{client_.cluster(), client_.figures()};
    const uuid account_ = uuid::random();
    const std::string key_ = profile_key(account_);
    const std::string slot_ = std::to_string(slot_of(key_));
};

TEST_F(redis_faults, follows_a_slot_that_has_moved_and_remembers_where_to) {
    const auto from = servers_.primary_of(key_);
    const auto to = other_primary(from);
    ASSERT_TRUE(eventually([&] { return put(3) && get() == 3; }));
    begin_migration(from, to);
    move_key(from, to);
    end_migration(from, to);
    const auto refused = count_errors(from, "MOVED");
    ASSERT_TRUE(eventually([&] { return get() == 3; }));
    EXPECT_GT(count_errors(from, "MOVED"), refused);
    EXPECT_TRUE(eventually([&] {
        const auto before = count_errors(from, "MOVED");
        return get() == 3 && count_errors(from, "MOVED") == before;
    }));
}

TEST_F(redis_faults, asks_where_a_slot_is_going_while_it_moves) {
    const auto from = servers_.primary_of(key_);
    const auto to = other_primary(from);
    begin_migration(from, to);
    const auto refused = count_errors(from, "ASK");
    const auto session = uuid::random();
    const test::manual_clock clock;
    redis_session_cache sessions(client_.cluster(), clock, client_.figures());
    EXPECT_TRUE(eventually([&] { return put(5); }));
    client_.run(sessions.put_live(account_, session, clock.now() + 1h));
    EXPECT_TRUE(eventually([&] { return count_errors(from, "ASK") > refused + 1; }));
    // Of several entries, each of which may be in either place, Redis tells nothing until the slot has arrived.
    EXPECT_EQ(client_.run(sessions.get(account_, session)).state, std::nullopt);
    EXPECT_EQ(get(), 0u);
    end_migration(from, to);
    EXPECT_TRUE(eventually([&] { return get() == 5; }));
    EXPECT_TRUE(eventually([&] {
        client_.run(sessions.put_live(account_, session, clock.now() + 1h));
        return client_.run(sessions.get(account_, session)).state == cached_session::live;
    }));
}

TEST_F(redis_faults, reads_and_writes_come_back_after_a_primary_was_killed) {
    const auto killed = servers_.primary_of(key_);
    const auto replica = servers_.replica_of(killed);
    ASSERT_TRUE(put(3));
    servers_.kill(killed);
    EXPECT_TRUE(eventually([&] {
        get();
        return put(4);
    }));
    EXPECT_EQ(get(), 4u);
    EXPECT_TRUE(eventually([&] { return servers_.is_primary_of(key_, replica); }));
    EXPECT_TRUE(eventually([&] { return figure("userinfo_redis_nodes_aside") == 1; }));

    servers_.start(killed);
    EXPECT_TRUE(eventually([&] { return servers_.is_whole(); }));
    EXPECT_NE(servers_.text(killed, {"INFO", "replication"}).find("role:slave"), std::string::npos);
    EXPECT_TRUE(eventually([&] { return figure("userinfo_redis_nodes_aside") == 0; }));
    EXPECT_EQ(get(), 4u);
}

TEST_F(redis_faults, a_node_that_stops_is_waited_for_three_times_and_then_passed_by) {
    ASSERT_TRUE(put(3));
    const auto stopped = servers_.primary_of(key_);
    servers_.stop(stopped);
    const auto took = time_gets(10);
    servers_.go_on(stopped);
    EXPECT_GE(took[0], 50ms);
    EXPECT_LT(*std::ranges::min_element(took), 10ms);
    EXPECT_LE(std::ranges::count_if(took, [](auto each) { return each >= 50ms; }), 3);
    EXPECT_GE(figure("userinfo_redis_timeouts_total"), 1);
    EXPECT_TRUE(eventually([&] { return put(4) && get() == 4; }));
    EXPECT_EQ(figure("userinfo_redis_nodes_aside"), 0);
}

TEST_F(redis_faults, a_reply_that_comes_too_late_is_given_to_nobody) {
    const auto session = uuid::random();
    const test::manual_clock clock;
    redis_session_cache sessions(client_.cluster(), clock, client_.figures());
    ASSERT_TRUE(eventually([&] { return put(3); }));
    client_.run(sessions.put_live(account_, session, clock.now() + 1h));
    const auto stopped = servers_.primary_of(key_);
    servers_.stop(stopped);
    EXPECT_EQ(get(), 0u);
    servers_.go_on(stopped);
    // The profile's reply is the first that the node writes now.
    EXPECT_EQ(eventually([&] { return client_.run(sessions.get(account_, session)).state == cached_session::live; }),
              true);
    EXPECT_TRUE(eventually([&] { return get() == 3; }));
}

TEST_F(redis_faults, a_cluster_that_is_down_is_passed_by_at_once_and_found_again) {
    ASSERT_TRUE(put(3));
    for (const auto& node : servers_.nodes()) servers_.kill(node);
    EXPECT_EQ(get(), 0u);
    const auto took = time_gets(200);
    EXPECT_LT(took[took.size() / 2], 5ms);
    EXPECT_LE(std::ranges::count_if(took, [](auto each) { return each >= 50ms; }), 3);
    EXPECT_FALSE(put(4));
    for (const auto& node : servers_.nodes()) servers_.start(node);
    EXPECT_TRUE(eventually([&] { return put(5) && get() == 5; }));
}

TEST_F(redis_faults, scripts_that_redis_has_forgotten_are_told_again) {
    ASSERT_TRUE(eventually([&] { return put(3); }));
    command_on(servers_.primary_of(key_), {"SCRIPT", "FLUSH"});
    EXPECT_TRUE(put(4));
    EXPECT_EQ(get(), 4u);
    EXPECT_TRUE(put(2));
    EXPECT_EQ(get(), 4u);
}

TEST_F(redis_faults, each_of_many_questions_at_once_gets_its_own_reply) {
    constexpr std::size_t count = 2000;
    std::vector<std::future<cached_account>> answers;
    std::vector<uuid> accounts(count);
    for (std::size_t i = 0; i < count; ++i) {
        accounts[i] = uuid::random();
        EXPECT_TRUE(eventually([&] { return client_.run(profiles_.put(accounts[i], version(i + 1)), i % 2); }));
    }
    for (std::size_t i = 0; i < count; ++i) {
        answers.push_back(
            asio::co_spawn(client_.threads()[i % 2], accounts_.get(accounts[i], uuid::random()), asio::use_future));
    }
    std::size_t known = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto found = answers[i].get().profile;
        if (!found) continue;  // a busy machine
        ++known;
        ASSERT_EQ(found->version, i + 1);
    }
    EXPECT_GT(known, count / 2);
}

TEST_F(redis_faults, a_revocation_is_sure_only_if_a_replica_has_it) {
    const test::manual_clock clock;
    redis_session_cache sessions(client_.cluster(), clock, client_.figures());
    const auto confirmed = uuid::random(), unconfirmed = uuid::random();
    const auto expiry = clock.now() + 1h;
    EXPECT_TRUE(eventually([&] { return client_.run(sessions.put_revoked(account_, confirmed, expiry)); }));
    const auto replica = servers_.replica_of(servers_.primary_of(key_));
    servers_.stop(replica);
    client_.run(sessions.put_live(account_, unconfirmed, expiry));
    const auto begin = steady::now();
    EXPECT_FALSE(client_.run(sessions.put_revoked(account_, unconfirmed, expiry)));
    EXPECT_LT(steady::now() - begin, no_hang);
    servers_.go_on(replica);
    EXPECT_TRUE(
        eventually([&] { return client_.run(sessions.get(account_, unconfirmed)).state == cached_session::revoked; }));
    EXPECT_TRUE(eventually([&] { return figure("userinfo_redis_nodes_aside") == 0; }));
}

// So that a program that does not know of arrivals reads what it always read.
TEST_F(redis_faults, the_state_of_a_session_is_0_or_1_whatever_has_arrived) {
    const auto session = uuid::random();
    const test::manual_clock clock;
    redis_session_cache sessions(client_.cluster(), clock, client_.figures());
    const auto node = servers_.primary_of(key_);
    client_.run(sessions.put_live(account_, session, clock.now() + 1h));
    client_.run(sessions.put_arrived(account_, session, 7, clock.now() + 1h));
    EXPECT_EQ(servers_.text(node, {"GET", session_key(account_, session)}), "1");
    EXPECT_EQ(servers_.text(node, {"GET", arrived_key(account_, session)}), "7");
    client_.run(sessions.put_revoked(account_, session, clock.now() + 1h));
    EXPECT_EQ(servers_.text(node, {"GET", session_key(account_, session)}), "0");
}

TEST_F(redis_faults, a_damaged_entry_is_not_known_and_is_replaced) {
    const auto session = uuid::random();
    const test::manual_clock clock;
    redis_session_cache sessions(client_.cluster(), clock, client_.figures());
    const auto node = servers_.primary_of(key_);
    command_on(node, {"SET", key_, R"({"version":x)", "PX", "60000"});
    command_on(node, {"SET", session_key(account_, session), "2", "PX", "60000"});
    for (const auto* damaged : {"0", "-3", "3x", "", "99999999999999999999"}) {
        command_on(node, {"SET", arrived_key(account_, session), damaged, "PX", "60000"});
        const auto found = client_.run(sessions.get(account_, session));
        EXPECT_EQ(found.state, std::nullopt);
        EXPECT_EQ(found.arrived, 1u) << damaged;
    }
    EXPECT_EQ(get(), 0u);
    client_.run(sessions.put_arrived(account_, session, 3, clock.now() + 1h));
    EXPECT_EQ(client_.run(sessions.get(account_, session)).arrived, 3u);
    EXPECT_TRUE(eventually([&] { return put(1); }));
    EXPECT_TRUE(eventually([&] { return get() == 1; }));
}

TEST_F(redis_faults, a_wrong_password_is_told_once_and_not_what_it_was) {
    const test::scratch_folder folder;
    const auto log = folder / "log";
    open_log({.format = log_format::plain, .file = log.string()});
    auto settings = servers_.settings();
    settings.seeds.resize(1);
    settings.password = "not the password";
    {
        test::redis_client stranger(settings);
        EXPECT_FALSE(stranger.run(stranger.cluster().load()));
        redis_account_cache cache(stranger.cluster(), stranger.figures());
        for (int i = 0; i < 10; ++i) {
            EXPECT_EQ(stranger.run(cache.get(account_, uuid::random())).profile, nullptr);
        }
    }
    close_log();
    std::ostringstream text;
    text << std::ifstream(log).rdbuf();
    const auto told = text.str().find("a Redis node rejects the password");
    EXPECT_NE(told, std::string::npos) << text.str();
    EXPECT_EQ(text.str().find("a Redis node rejects the password", told + 1), std::string::npos) << text.str();
    EXPECT_EQ(text.str().find(settings.password), std::string::npos);
}

TEST_F(redis_faults, a_limit_holds_without_redis) {
    auto settings = servers_.settings();
    settings.seeds = {{.host = "127.0.0.1", .port = 1}};
    test::redis_client lonely(settings);
    const test::manual_clock clock;
    internal_key key;
    key.set({});
    redis_source_limits limits({.checks = {.per_minute = 60, .burst = 3}}, lonely.cluster(), key, 100, clock);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(lonely.run(limits.take(source_action::check_password, "a")), std::nullopt);
    EXPECT_EQ(lonely.run(limits.take(source_action::check_password, "a")), 1s);
}

}  // namespace
}  // namespace userinfo::redis
