#include "programs/user_verbs.h"

#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "account/account_operations.h"
#include "account/accounts.h"
#include "device/device_seal.h"
#include "programs/account_settings.h"
#include "programs/account_text.h"
#include "programs/secret_line.h"
#include "programs/verb_context.h"
#include "session/access_lifetime.h"
#include "storage/memory/memory_source_limits.h"
#include "storage/memory/no_session_cache.h"

namespace userinfo::programs {

namespace {

constexpr std::size_t page = 500;

// The parts that the verbs need. They issue no tokens, so the keys stay empty, except for the internal key if a verb
// loads it.
class toolbox {
public:
    explicit toolbox(const settings& settings)
        : context_(settings),
          access_tokens_({}, access_keys_, context_.clock),
          revocations_(context_.stores.sessions, cache_, context_.clock, longest_access_lifetime),
          source_limits_(settings.attempts.sources, 1, context_.clock),
          attempts_(settings.attempts.failures, source_limits_, context_.stores.throttle, internal_key_, context_.clock,
                    context_.figures),
          passwords_({.argon2 = argon2_of(settings), .threads = 1}, context_.figures),
          sessions_({}, context_.stores.sessions, revocations_, access_tokens_, refresh_tokens_, context_.clock),
          device_seal_(internal_key_),
          accounts_(account_settings_of(settings), context_.stores.accounts, attempts_, passwords_, sessions_,
                    device_seal_, revocations_, context_.clock),
          operations_(context_.stores.accounts, attempts_, revocations_, context_.clock) {}

    ~toolbox() { context_.threads.stop(); }

    toolbox(const toolbox&) = delete;
    toolbox& operator=(const toolbox&) = delete;

    userinfo::accounts& accounts() { return accounts_; }
    account_operations& operations() { return operations_; }
    sql::sql_stores& stores() { return context_.stores; }

    // For the rate limits.
    void load_internal_key(const settings& settings) { programs::load_internal_key(context_, settings, internal_key_); }

    template <class T>
    T run(task<T> work) {
        return context_.run(std::move(work));
    }

private:
    verb_context context_;
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
    device_seal device_seal_;
    userinfo::accounts accounts_;
    account_operations operations_;
};

int set_status(const settings& settings, const std::string& who, account_status status) {
    toolbox tools(settings);
    const auto found = tools.run(tools.operations().find(who));
    if (!found) return report(found.error());
    const auto set = tools.run(tools.operations().set_status(found->id, status, cli_actor()));
    if (!set) return report(set.error());
    fmt::print("{} is {}\n", found->id.to_string(), to_string(status));
    return success;
}

}  // namespace

int create_user(const settings& settings, const std::string& email) {
    toolbox tools(settings);  // nobody types a password for a database that is not there
    const auto password = read_secret_line(STDIN_FILENO);
    if (!password) return report(password.error());
    const call own{.request_id = cli_actor(),
                   .deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1),
                   .address = {},
                   .user_agent = {},
                   .access_token = {}};
    const auto created = tools.run(tools.accounts().create(own, email, password->view(), "cli", cli_actor()));
    if (!created) return report(created.error());
    fmt::print("{}\n", created->to_string());
    return success;
}

int show_user(const settings& settings, const std::string& who, output_form form) {
    toolbox tools(settings);
    const auto found = tools.run(tools.operations().find(who));
    if (!found) return report(found.error());
    const auto profile = tools.run(tools.stores().profiles.find(found->id));
    if (!profile) return report(profile.error());
    const auto sessions = tools.run(tools.stores().sessions.list_live(found->id, system_clock().now()));
    if (!sessions) return report(sessions.error());
    fmt::print("{}", account_text({.account = *found, .profile = profile->value, .sessions = *sessions}, form));
    return success;
}

int list_users(const settings& settings, output_form form) {
    toolbox tools(settings);
    uuid last;
    for (;;) {
        const auto accounts = tools.run(tools.operations().list(last, page));
        if (!accounts) return report(accounts.error());
        for (const auto& account : *accounts) fmt::print("{}", account_line(account, form));
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
    tools.load_internal_key(settings);
    const auto found = tools.run(tools.operations().find(who));
    if (!found) return report(found.error());
    const auto unlocked = tools.run(tools.operations().unlock(found->id, cli_actor()));
    if (!unlocked) return report(unlocked.error());
    fmt::print("{} {}\n", found->id.to_string(), *unlocked ? "is unlocked" : "was not locked");
    return success;
}

int delete_user(const settings& settings, const std::string& who) {
    toolbox tools(settings);
    const auto found = tools.run(tools.operations().find(who));
    if (!found) return report(found.error());
    const auto removed = tools.run(tools.operations().remove(found->id, cli_actor()));
    if (!removed) return report(removed.error());
    fmt::print("{} is deleted\n", found->id.to_string());
    return success;
}

}  // namespace userinfo::programs
