#include "contract/redis_servers.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <span>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include "support/environment.h"
#include "support/eventually.h"

namespace userinfo::test {

namespace {

struct link_deleter {
    void operator()(redisContext* link) const { redisFree(link); }
};

redis::reply say(redisContext* link, std::span<const std::string_view> words) {
    std::vector<const char*> begins;
    std::vector<std::size_t> lengths;
    for (const auto& word : words) {
        begins.push_back(word.data());
        lengths.push_back(word.size());
    }
    auto* got = redisCommandArgv(link, static_cast<int>(words.size()), begins.data(), lengths.data());
    if (got == nullptr) throw std::runtime_error(std::string("Redis does not answer: ") + link->errstr);
    return redis::reply(static_cast<redisReply*>(got));
}

bool is_running(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text);
    const auto state = text.rfind(") ");
    return state != text.npos && text[state + 2] != 'Z';
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

redis_servers::redis_servers()
    : password_(environment_variable("USERINFO_TEST_REDIS_PASSWORD")),
      folder_(environment_variable("USERINFO_TEST_REDIS_FOLDER")),
      start_command_(environment_variable("USERINFO_TEST_REDIS_START")) {
    std::istringstream list(environment_variable("USERINFO_TEST_REDIS_NODES"));
    for (std::string node; std::getline(list, node, ',');) nodes_.push_back(redis::parse_endpoint(node).value());
}

redis::cluster_settings redis_servers::settings() const { return {.seeds = nodes_, .password = password_}; }

redis::reply redis_servers::ask(const redis::endpoint& node, std::initializer_list<std::string_view> words) const {
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    const std::unique_ptr<redisContext, link_deleter> link(
        redisConnectWithTimeout(node.host.c_str(), node.port, limit));
    if (!link || link->err != 0) throw std::runtime_error("no connection to Redis " + node.to_string());
    redisSetTimeout(link.get(), limit);
    const std::string_view login[] = {"AUTH", password_};
    say(link.get(), login);
    return say(link.get(), {words.begin(), words.size()});
}

std::string redis_servers::text(const redis::endpoint& node, std::initializer_list<std::string_view> words) const {
    const auto got = ask(node, words);
    if (got.is_error()) throw std::runtime_error("Redis: " + std::string(got.error()));
    return std::string(got.text().value_or(""));
}

redis::slot_map redis_servers::slots() const {
    for (const auto& node : nodes_) {
        if (!is_running(pid_of(node))) continue;
        if (auto map = redis::slot_map::parse(ask(node, {"CLUSTER", "SLOTS"}), node)) return *map;
    }
    throw std::runtime_error("no node of Redis runs");
}

std::vector<redis::endpoint> redis_servers::primaries() const {
    const auto map = slots();
    std::vector<redis::endpoint> found;
    for (std::size_t i = 0; i < map.nodes().size(); ++i) {
        if (map.is_primary(i)) found.push_back(map.nodes()[i]);
    }
    return found;
}

redis::endpoint redis_servers::primary_of(std::string_view key) const {
    const auto map = slots();
    return map.nodes()[map.primary_of(redis::slot_of(key)).value()];
}

bool redis_servers::is_primary_of(std::string_view key, const redis::endpoint& node) const {
    const auto map = slots();
    const auto primary = map.primary_of(redis::slot_of(key));
    return primary && map.nodes()[*primary] == node;
}

redis::endpoint redis_servers::replica_of(const redis::endpoint& primary) const {
    for (const auto& node : nodes_) {
        const auto role = text(node, {"INFO", "replication"});
        if (contains(role, "role:slave") && contains(role, "master_port:" + std::to_string(primary.port))) return node;
    }
    throw std::runtime_error("no replica of " + primary.to_string());
}

std::string redis_servers::folder_of(const redis::endpoint& node) const {
    const auto place = std::ranges::find(nodes_, node) - nodes_.begin();
    return folder_ + "/redis-" + std::to_string(place + 1);
}

int redis_servers::pid_of(const redis::endpoint& node) const {
    int pid = 0;
    std::ifstream(folder_of(node) + "/pid") >> pid;
    if (pid <= 0) throw std::runtime_error("no process id in " + folder_of(node));
    return pid;
}

void redis_servers::kill(const redis::endpoint& node) const {
    const auto pid = pid_of(node);
    ::kill(pid, SIGKILL);
    ASSERT_TRUE(eventually([&] { return !is_running(pid); }));
}

void redis_servers::start(const redis::endpoint& node) const {
    ASSERT_EQ(std::system((start_command_ + ' ' + folder_of(node)).c_str()), 0);
}

void redis_servers::stop(const redis::endpoint& node) const { ::kill(pid_of(node), SIGSTOP); }

void redis_servers::go_on(const redis::endpoint& node) const { ::kill(pid_of(node), SIGCONT); }

bool redis_servers::is_content(const redis::endpoint& node) const {
    const auto state = text(node, {"CLUSTER", "INFO"});
    const auto replication = text(node, {"INFO", "replication"});
    const bool is_primary = contains(replication, "role:master");
    return contains(state, "cluster_state:ok") && contains(state, "cluster_slots_ok:16384") &&
           contains(replication, is_primary ? "state=online" : "master_link_status:up") &&
           !contains(text(node, {"CLUSTER", "NODES"}), "fail");
}

// Their addresses and slots.
std::set<std::string> redis_servers::primaries_seen_by(const redis::endpoint& node) const {
    std::set<std::string> seen;
    std::istringstream lines(text(node, {"CLUSTER", "NODES"}));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string id, address, flags, primary, pinged, answered, epoch, link, served;
        words >> id >> address >> flags >> primary >> pinged >> answered >> epoch >> link;
        std::getline(words, served);
        if (contains(flags, "master")) seen.insert(address + served);
    }
    return seen;
}

bool redis_servers::is_whole() const {
    try {
        const auto primaries = primaries_seen_by(nodes_[0]);
        return std::ranges::all_of(
            nodes_, [&](const auto& node) { return is_content(node) && primaries_seen_by(node) == primaries; });
    } catch (const std::runtime_error&) {
        return false;  // one does not answer yet
    }
}

void redis_servers::make_whole() const {
    for (const auto& node : nodes_) {
        if (is_running(pid_of(node)))
            go_on(node);
        else
            start(node);
    }
    EXPECT_TRUE(eventually([&] { return is_whole(); }, std::chrono::seconds(40))) << "the cluster stays broken";
}

}  // namespace userinfo::test
