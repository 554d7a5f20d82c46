#include "programs/user_verbs.h"

#include <iostream>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include "account/accounts.h"
#include "http/io_threads.h"
#include "programs/account_rules.h"
#include "programs/master_key_file.h"
#include "programs/run_task.h"
#include "programs/storage_parts.h"
#include "service/key_ring.h"
#include "storage/memory/memory_source_limits.h"
#include "storage/memory/no_session_cache.h"

namespace userinfo::programs {

namespace {

constexpr int success = 0;
constexpr int refused = 1;
constexpr std::size_t page = 500;

// The parts that the verbs need. It makes no tokens: the keys stay empty unless a verb loads them.
class toolbox {
public:
    explicit toolbox(const settings& settings)
        : threads_(1),
          storage_(settings, clock_, metrics_),
          access_tokens_({}, access_keys_, clock_),
          revocations_(storage_.sessions, cache_, clock_, std::chrono::hours(24)),
          source_limits_(settings.attempts.sources, 1, clock_),
          attempts_(settings.attempts.failures, source_limits_, storage_.throttle, internal_key_, clock_, metrics_),
          passwords_({.argon2 = argon2_of(settings), .threads = 1}, metrics_),
          sessions_({}, storage_.sessions, revocations_, access_tokens_, refresh_tokens_, clock_),
          accounts_(account_settings_of(settings), storage_.accounts, attempts_, passwords_, sessions_, revocations_,
                    clock_) {}

    ~toolbox() { threads_.stop(); }

    toolbox(const toolbox&) = delete;
    toolbox& operator=(const toolbox&) = delete;

    userinfo::accounts& accounts() { return accounts_; }

    result<void> load_keys(const settings& settings) {
        const auto stored = run(storage_.keys.list());
        if (!stored) return std::unexpected(stored.error());
        const auto master = load_master_key(settings, stored->empty() ? missing_key::make : missing_key::refuse);
        key_ring ring(storage_.keys, master, clock_, access_keys_, refresh_tokens_, internal_key_);
        return run(ring.load());
    }

    template <class T>
    T run(task<T> work) {
        return run_task(threads_[0], std::move(work));
    }

private:
    system_clock clock_;
    metrics metrics_;
    http::io_threads threads_;  // before all whose own threads hand work back to it
    storage_parts storage_;
    memory::no_session_cache cache_;
    access_keys access_keys_;
    refresh_tokens refresh_tokens_;
    internal_key internal_key_;
    access_tokens access_tokens_;
    revocations revocations_;
    memory::memory_source_limits source_limits_;
    attempts attempts_;
    passwords passwords_;
    sessions sessions_;
    userinfo::accounts accounts_;
};

std::string actor() { return "cli:" + std::to_string(::getuid()); }

int report(const error& why) {
    fmt::print(stderr, "userinfo: {}\n", why.message);
    return refused;
}

std::string line_of(const account& account) {
    return fmt::format("{}  {:<9}  {:%Y-%m-%dT%H:%M:%SZ}  {}", account.id.to_string(), to_string(account.status),
                       std::chrono::floor<std::chrono::seconds>(account.created_at), account.email);
}

int set_status(const settings& settings, const std::string& who, account_status status) {
    toolbox tools(settings);
    const auto found = tools.run(tools.accounts().find_by_email_or_id(who));
    if (!found) return report(found.error());
    const auto set = tools.run(tools.accounts().set_status(found->id, status, actor()));
    if (!set) return report(set.error());
    fmt::print("{} is {}\n", found->id.to_string(), to_string(status));
    return success;
}

}  // namespace

int create_user(const settings& settings, const std::string& email) {
    std::string password;
    if (!std::getline(std::cin, password)) {
        return report({.code = errc::invalid_argument, .message = "no password on standard input"});
    }
    toolbox tools(settings);
    const call own{.request_id = actor(),
                   .deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1),
                   .address = {},
                   .user_agent = {},
                   .access_token = {}};
    const auto created = tools.run(tools.accounts().create(own, email, password, "cli"));
    if (!created) return report(created.error());
    fmt::print("{}\n", created->to_string());
    return success;
}

int show_user(const settings& settings, const std::string& who) {
    toolbox tools(settings);
    const auto found = tools.run(tools.accounts().find_by_email_or_id(who));
    if (!found) return report(found.error());
    fmt::print("id       {}\nemail    {}\nstatus   {}\ncreated  {:%Y-%m-%dT%H:%M:%SZ}\n", found->id.to_string(),
               found->email, to_string(found->status), std::chrono::floor<std::chrono::seconds>(found->created_at));
    return success;
}

int list_users(const settings& settings) {
    toolbox tools(settings);
    uuid last;
    for (;;) {
        const auto accounts = tools.run(tools.accounts().list(last, page));
        if (!accounts) return report(accounts.error());
        for (const auto& account : *accounts) fmt::print("{}\n", line_of(account));
        if (accounts->size() < page) return success;
        last = accounts->back().id;
    }
}

int suspend_user(const settings& settings, const std::string& who) {
    return set_status(settings, who, account_status::suspended);
}

int restore_user(const settings& settings, const std::string& who) {
    return set_status(settings, who, account_status::active);
}

int unlock_user(const settings& settings, const std::string& who) {
    toolbox tools(settings);
    const auto loaded = tools.load_keys(settings);
    if (!loaded) return report(loaded.error());
    const auto found = tools.run(tools.accounts().find_by_email_or_id(who));
    if (!found) return report(found.error());
    const auto unlocked = tools.run(tools.accounts().unlock(found->id, actor()));
    if (!unlocked) return report(unlocked.error());
    fmt::print("{} {}\n", found->id.to_string(), *unlocked ? "is unlocked" : "was not locked");
    return success;
}

int delete_user(const settings& settings, const std::string& who) {
    toolbox tools(settings);
    const auto found = tools.run(tools.accounts().find_by_email_or_id(who));
    if (!found) return report(found.error());
    const auto removed = tools.run(tools.accounts().remove_by_operator(found->id, actor()));
    if (!removed) return report(removed.error());
    fmt::print("{} is deleted\n", found->id.to_string());
    return success;
}

}  // namespace userinfo::programs
