#include "programs/verbs.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "programs/completion.h"
#include "programs/config_verbs.h"
#include "programs/gateway_role.h"
#include "programs/help_verb.h"
#include "programs/key_verbs.h"
#include "programs/migrate.h"
#include "programs/service_role.h"
#include "programs/standalone.h"
#include "programs/user_verbs.h"
#include "programs/version_text.h"

namespace userinfo::programs {

namespace {

constexpr auto about_settings =
    "Settings come from the file that --config names, from variables USERINFO_... and from options; the last of these "
    "wins. `userinfo help settings` lists them.";

constexpr auto what_verifying_proves =
    "It proves that nobody without the master key changed, removed, inserted or reordered events once they were "
    "linked, which happens within about a second. It does not prove that none were cut off at the end, or added "
    "there: note heads down elsewhere, and give one as --head. Nor does it prove anything against who has the master "
    "key or runs code in the program, or that addresses were not removed early.";

std::vector<std::string> audit_type_names() {
    std::vector<std::string> names;
    for (const auto type : audit_types()) names.emplace_back(to_string(type));
    return names;
}

// Does not repeat what was typed.
std::string is_purpose(const std::string& word) {
    return word == "access" || word == "refresh" || word == "internal" ? "" : "PURPOSE must be access or refresh";
}

// A tool prints its result. Its log is for problems only.
int run_tool(const settings& settings, const std::function<int(const programs::settings&)>& perform) {
    auto log = settings.log;
    log.level = std::max(log.level, log_level::warning);
    open_log(log);
    return perform(settings);
}

}  // namespace

const CLI::App* find_verb(const CLI::App& app, std::string_view name) {
    const auto found = app.get_subcommands([&](const CLI::App* each) { return each->get_name() == name; });
    return found.empty() ? nullptr : found.front();
}

verbs::verbs() : root_("userinfo: accounts, sessions and profiles for your product's users", "userinfo") {
    root_.footer("`userinfo help VERB` explains a verb, with an example. " + std::string(about_settings));
    root_.require_subcommand(0,
                             1);  // else CLI11 takes the argument of a verb for another verb, if it is the name of one
    root_.set_version_flag("--version", version_text, "print the version, and exit");
    add_roles();
    add_user_verbs();
    add_key_verbs();
    add_audit_verbs();
    add_config_verbs();
    add_help_verbs();
}

std::optional<int> verbs::run_chosen() const {
    if (!run_) return std::nullopt;
    return run_();
}

void verbs::add_roles() {
    add_verb(root_,
             {"standalone", "serve everything in one process, on an embedded database",
              "Example:\n  userinfo standalone --data-dir /var/lib/userinfo"},
             run_standalone);
    add_verb(root_,
             {"gateway", "serve HTTP in front of services, which it calls over gRPC",
              "Example:\n  userinfo gateway --config /etc/userinfo/gateway.yaml"},
             run_gateway);
    add_verb(root_,
             {"service", "serve gateways over gRPC, on MariaDB and Redis Cluster or an embedded database",
              "Example:\n  userinfo service --config /etc/userinfo/service.yaml"},
             run_service);
    add_tool(root_,
             {"migrate", "upgrade the database's schema to this version",
              "`standalone`, and a service on an embedded database, do it themselves when they start.\n\n"
              "Example:\n  USERINFO_MARIADB_USER=migrate userinfo migrate --config /etc/userinfo/service.yaml"},
             run_migrate);
}

void verbs::add_user_verbs() {
    auto* user = add_group("user", "manage accounts; takes effect on a running server at once");
    add_tool(*user,
             {"create", "create an account; the password is the first line of standard input",
              "Example:\n  userinfo user create --email ada@example.com < password"},
             [this](const settings& s) { return create_user(s, email_); })
        ->add_option("--email", email_, "its email address")
        ->type_name("EMAIL")
        ->required();
    auto* show = add_tool(*user,
                          {"show", "print an account, its profile and its live sessions",
                           "Example:\n  userinfo user show ada@example.com --json"},
                          [this](const settings& s) { return show_user(s, who_, form()); });
    add_who(*show);
    add_json(*show);
    add_json(*add_tool(*user,
                       {"list", "print a line for each account: id, status, time of creation, email address",
                        "Example:\n  userinfo user list --json | jq -r 'select(.status == \"suspended\").email'"},
                       [this](const settings& s) { return list_users(s, form()); }));
    add_user_verb(*user,
                  {"suspend", "suspend an account: end its sessions and reject log-ins",
                   "Example:\n  userinfo user suspend ada@example.com"},
                  suspend_user);
    add_user_verb(
        *user,
        {"restore", "allow log-ins to a suspended account again", "Example:\n  userinfo user restore ada@example.com"},
        restore_user);
    add_user_verb(*user,
                  {"unlock", "end the delay after an account's failed log-ins",
                   "Example:\n  userinfo user unlock ada@example.com"},
                  unlock_user);
    add_user_verb(*user,
                  {"delete", "delete an account, its profile and its sessions",
                   "It does not ask again.\n\nExample:\n  userinfo user delete 6934af75-a240-4cb1-a2cc-34a0b5b42b45"},
                  delete_user);
}

void verbs::add_key_verbs() {
    auto* keys = add_group("keys", "manage the keys that sign tokens; takes effect on a running server");
    auto* list = add_tool(*keys,
                          {"list",
                           "print the keys: kid, purpose, state, time of creation, when it begins and stops signing, "
                           "until when it verifies, and the master key that encrypts it",
                           "Example:\n  userinfo keys list --all --json"},
                          [this](const settings& s) { return list_keys(s, all_, form()); });
    list->add_flag("--all", all_, "include keys that are gone");
    add_json(*list);
    auto* rotate = add_tool(*keys,
                            {"rotate", "create new keys, which sign after keys.lead_time; no session ends",
                             "Example:\n  userinfo keys rotate access"},
                            [this](const settings& s) { return rotate_keys(s, purpose_, now_); });
    auto* purpose = rotate->add_option("purpose", purpose_, "access or refresh; both if none is named");
    let_choose(purpose->type_name("PURPOSE")->check(is_purpose), {"access", "refresh"});
    rotate->add_flag("--now", now_,
                     "sign with them at once: services that keep a copy of the JWKS may refuse tokens for a while");
    add_tool(*keys,
             {"revoke", "revoke a key at once: what it signed becomes invalid",
              "Example:\n  userinfo keys revoke -- -3Yb8uRrB1nZk0c6xqv2T5sJmW4dPLeHgAoIEFiyNXw"},
             [this](const settings& s) { return revoke_key(s, kid_); })
        ->add_option("kid", kid_, "as `keys list` prints it; put `--` before it if it begins with `-`")
        ->type_name("KID")
        ->required();
    add_tool(*keys,
             {"rewrap",
              "encrypt all keys with a new master key, and write that to its file; or with the first key of "
              "USERINFO_KEYS_MASTER",
              "Example:\n  userinfo keys rewrap"},
             rewrap_keys);
}

void verbs::add_audit_verbs() {
    const description about{"audit", "print the audit trail: a line of JSON for each event, the oldest first",
                            "With --follow it prints new events as they happen, until you stop it. Without --since it "
                            "then leaves out the events so far.\n\n"
                            "Examples:\n"
                            "  userinfo audit --account ada@example.com --since 24h\n"
                            "  userinfo audit --type log_in --follow"};
    auto* audit = add_verb(root_, about, [this](const settings& s) {
        if (!follow_) return run_tool(s, [this](const settings& set) { return list_audit(set, events_); });
        const program_signals signals;  // older than the log's thread
        return run_tool(s, [this, &signals](const settings& set) { return follow_audit(set, events_, signals); });
    });
    audit->add_option("--account", events_.account, "only events of this account: an email address or an id")
        ->type_name("WHO");
    audit
        ->add_option("--since", events_.since,
                     "only events since then: 2026-11-22T15:59:39Z, or a duration before now: 24h")
        ->type_name("TIME");
    const auto types = audit_type_names();
    let_choose(audit
                   ->add_option("--type", events_.type,
                                "only events of this type: " + fmt::format("{}", fmt::join(types, ", ")))
                   ->type_name("TYPE"),
               types);
    audit->add_flag("--follow", follow_, "print new events as they happen");
    audit->add_flag("--json", json_, "accepted for uniformity; the output is always JSON");
    add_tool(*audit,
             {"verify", "check the audit trail for tampering",
              what_verifying_proves + std::string("\n\nExample:\n  userinfo audit verify --head 1207:5f0c...e1")},
             [this](const settings& s) { return verify_audit(s, head_); })
        ->add_option("--head", head_, "a head that an earlier run printed: it must still be in the chain")
        ->type_name("PLACE:MAC");
}

void verbs::add_config_verbs() {
    auto* config = add_group("config", "check settings");
    auto* check = add_verb(*config,
                           {"check", "check the settings, and start nothing",
                            "It warns of variables USERINFO_... that are no settings, as a start does.\n\n"
                            "Example:\n  userinfo config check service --config /etc/userinfo/service.yaml"},
                           [this](const settings& s) { return check_config(s, role_); });
    auto* role = check->add_option("role", role_, "also check what this role needs: standalone, gateway or service");
    const auto roles = role_names();
    let_choose(role->type_name("ROLE")->check(is_role), roles);
}

void verbs::add_help_verbs() {
    auto* help = root_.add_subcommand("help", "explain a verb, or list the settings");
    help->footer("Examples:\n  userinfo help user create\n  userinfo help settings");
    let_choose(help->add_option("topic", topic_, "a verb, or `settings`")->type_name("TOPIC"), {"settings"});
    help->callback([this] { run_ = [this] { return explain(root_, topic_); }; });
    auto* completion =
        root_.add_subcommand("completion", "print a script with which a shell completes userinfo's verbs");
    completion->footer("Example, for ~/.bashrc:\n  source <(userinfo completion bash)");
    auto* shell = completion->add_option("shell", shell_, "bash")->type_name("SHELL")->required();
    let_choose(shell->check(is_shell), {"bash"});
    completion->callback([this] { run_ = [] { return print_completion(); }; });
    root_.add_subcommand("version", "print the version")->callback([this] {
        run_ = [] {
            fmt::print("{}\n", version_text());
            return 0;
        };
    });
}

CLI::App* verbs::add_group(const std::string& name, const std::string& what) {
    auto* group = root_.add_subcommand(name, what);
    group->require_subcommand(0, 1);
    group->footer("`userinfo help " + name + " VERB` explains a verb, with an example.");
    return group;
}

CLI::App* verbs::add_verb(CLI::App& parent, const description& about, action perform) {
    auto* app = parent.add_subcommand(about.name, about.what);
    app->footer(about.more + "\n\n" + about_settings);
    app->add_option("--config", file_, "a YAML file with settings")->type_name("FILE");
    for (const auto& setting : setting_table()) {
        if (setting.secret) continue;
        auto* option = app->add_option_function<std::string>(
            setting.option_name(), [this, &setting](const std::string& text) { options_[setting.key] = text; });
        option->type_name(std::string(setting.form))->group("");  // they would bury what concerns the verb
        let_choose(option, setting.choices());
    }
    app->callback([this, app, perform = std::move(perform)] {
        if (!app->get_subcommands().empty()) return;  // its subcommand runs instead
        run_ = [this, perform] { return perform(load_settings(file_, options_)); };
    });
    return app;
}

CLI::App* verbs::add_tool(CLI::App& parent, const description& about, action perform) {
    return add_verb(parent, about, [perform = std::move(perform)](const settings& s) { return run_tool(s, perform); });
}

void verbs::add_user_verb(CLI::App& user, const description& about,
                          int (*perform)(const settings&, const std::string&)) {
    add_who(*add_tool(user, about, [this, perform](const settings& s) { return perform(s, who_); }));
}

void verbs::add_who(CLI::App& verb) {
    verb.add_option("who", who_, "an email address or an account's id")->type_name("WHO")->required();
}

void verbs::add_json(CLI::App& verb) { verb.add_flag("--json", json_, "one JSON object a line, for programs"); }

void verbs::let_choose(CLI::Option* option, std::vector<std::string> words) {
    if (!words.empty()) choices_[option] = std::move(words);
}

}  // namespace userinfo::programs
