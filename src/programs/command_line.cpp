#include "programs/command_line.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/unicode.h"
#include "programs/audit_verbs.h"
#include "programs/gateway_role.h"
#include "programs/key_verbs.h"
#include "programs/load_settings.h"
#include "programs/migrate.h"
#include "programs/service_role.h"
#include "programs/standalone.h"
#include "programs/user_verbs.h"

namespace userinfo::programs {

namespace {

constexpr int usage_error = 2;

constexpr auto what_verifying_proves =
    "It proves that nobody without the master key changed, removed, inserted or reordered events once they were "
    "linked, "
    "which happens within about a second. It does not prove that none were cut off at the end, or added there: note "
    "heads down elsewhere, and give one as --head. Nor does it prove anything against who has the master key or runs "
    "code in the program, or that addresses were not removed early.";

class command_line {
public:
    command_line() {
        app_.footer(
            "Each verb has --help. Settings come from --config, USERINFO_* and options; the last of these wins.");
        add_verb(app_, "standalone", "serve everything in one process, on an embedded database",
                 [](const settings& s) { return run_standalone(s); });
        add_verb(app_, "gateway", "serve HTTP in front of services, which it calls over gRPC",
                 [](const settings& s) { return run_gateway(s); });
        add_verb(app_, "service", "serve gateways over gRPC, on MariaDB and Redis Cluster or an embedded database",
                 [](const settings& s) { return run_service(s); });
        add_verb(app_, "migrate", "bring the database's schema to this version",
                 [](const settings& s) { return run_tool(s, run_migrate); });
        add_user_verbs();
        add_key_verbs();
        add_audit_verbs();
        add_config_verbs();
        app_.add_subcommand("version", "print the version")->callback([this] {
            run_ = [] {
                fmt::print("userinfo {}\n", USERINFO_VERSION);
                return 0;
            };
        });
    }

    int run(int argc, char** argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::Success& help) {
            return app_.exit(help);
        } catch (const CLI::ExtrasError&) {
            fmt::print(stderr, "userinfo: {}\n", printable(unexpected_argument()));
            return usage_error;
        } catch (const CLI::ParseError& why) {
            fmt::print(stderr, "userinfo: {}\n", printable(one_line(why.what())));
            return usage_error;
        }
        if (run_) return run_();
        fmt::print(stderr, "userinfo: which verb? userinfo --help lists them\n");
        return usage_error;
    }

private:
    using verb = std::function<int(const settings&)>;

    // Repeats only unknown options and verbs. Any other word may be a secret that was typed in the wrong place.
    std::string unexpected_argument() const {
        const auto first = app_.remaining(true).front();
        if (first.starts_with('-')) return first.substr(0, first.find('=')) + " is not an option of this verb";
        const auto verbs = app_.get_subcommands();
        const bool wants_verb =
            verbs.empty() || !verbs.front()->get_subcommands([](const CLI::App*) { return true; }).empty();
        return wants_verb ? "'" + first + "' is not a verb" : "there is an argument too many";
    }

    static std::string one_line(std::string text) {
        while (!text.empty() && text.back() == '\n') text.pop_back();
        for (char& c : text) c = c == '\n' ? ' ' : c;
        return text;
    }

    // A tool prints its result. Its log is for problems only.
    static int run_tool(const settings& settings, const verb& perform) {
        auto log = settings.log;
        log.level = std::max(log.level, log_level::warning);
        open_log(log);
        return perform(settings);
    }

    // Adds a verb that accepts all settings as options.
    CLI::App* add_verb(CLI::App& parent, const std::string& name, const std::string& help, verb perform) {
        auto* app = parent.add_subcommand(name, help);
        app->add_option("--config", file_, "a YAML file with settings")->type_name("FILE");
        for (const auto& setting : setting_table()) {
            if (setting.secret) continue;
            app->add_option_function<std::string>(
                   setting.option_name(), [this, &setting](const std::string& text) { options_[setting.key] = text; },
                   std::string(setting.help) + " (" + setting.environment_name() + ")")
                ->type_name(std::string(setting.form))
                ->group("Settings");
        }
        app->callback([this, app, perform = std::move(perform)] {
            if (!app->get_subcommands().empty()) return;  // its subcommand runs instead
            run_ = [this, perform] { return perform(load_settings(file_, options_)); };
        });
        return app;
    }

    void add_user_verbs() {
        auto* user = app_.add_subcommand("user", "look after accounts; a running server notices at once");
        add_verb(*user, "create", "make an account; the password is the first line of standard input",
                 [this](const settings& s) {
                     return run_tool(s, [this](const settings& set) { return create_user(set, email_); });
                 })
            ->add_option("--email", email_, "its email address")
            ->required();
        add_user_verb(*user, "show", "print an account", show_user);
        add_verb(*user, "list", "print all accounts, a line each",
                 [](const settings& s) { return run_tool(s, list_users); });
        add_user_verb(*user, "suspend", "end an account's sessions and let nobody log in to it", suspend_user);
        add_user_verb(*user, "restore", "let an account log in again", restore_user);
        add_user_verb(*user, "unlock", "forget an account's failed log-ins, so that the next need not wait",
                      unlock_user);
        add_user_verb(*user, "delete", "remove an account, its profile and its sessions", delete_user);
    }

    void add_user_verb(CLI::App& user, const std::string& name, const std::string& help,
                       int (*perform)(const settings&, const std::string&)) {
        add_verb(user, name, help,
                 [this, perform](const settings& s) {
                     return run_tool(s, [this, perform](const settings& set) { return perform(set, who_); });
                 })
            ->add_option("who", who_, "an email address or an account's id")
            ->required();
    }

    void add_key_verbs() {
        auto* keys = app_.add_subcommand("keys", "look after the keys that sign tokens; a running server notices");
        add_tool(*keys, "list",
                 "print the keys: kid, purpose, state, when it was made, from when and until when it signs, "
                 "until when it verifies, and the master key that seals it",
                 [this](const settings& s) { return list_keys(s, all_); })
            ->add_flag("--all", all_, "those that are gone, too");
        auto* rotate = add_tool(*keys, "rotate", "make new keys, which sign in two minutes; no session ends",
                                [this](const settings& s) { return rotate_keys(s, purpose_, now_); });
        rotate->add_option("purpose", purpose_, "access or refresh; both if none is named")->check(is_purpose);
        rotate->add_flag("--now", now_,
                         "sign with them at once: services that keep a copy of the JWKS may refuse tokens for a while");
        add_tool(*keys, "revoke", "make a key useless at once, and what it signed",
                 [this](const settings& s) { return revoke_key(s, kid_); })
            ->add_option("kid", kid_, "as `keys list` prints it; behind -- if it begins with -")
            ->required();
        add_tool(*keys, "rewrap",
                 "seal all keys with a new master key, and put that into its file; or with the first one of "
                 "USERINFO_KEYS_MASTER",
                 rewrap_keys);
    }

    // Does not repeat what was typed.
    static std::string is_purpose(const std::string& word) {
        return word == "access" || word == "refresh" || word == "internal" ? "" : "is access or refresh";
    }

    CLI::App* add_tool(CLI::App& parent, const std::string& name, const std::string& help, verb perform) {
        return add_verb(parent, name, help,
                        [perform = std::move(perform)](const settings& s) { return run_tool(s, perform); });
    }

    void add_audit_verbs() {
        auto* audit = add_tool(app_, "audit", "print what happened, a line of JSON for each event",
                               [this](const settings& s) { return list_audit(s, events_); });
        audit->add_option("--account", events_.account, "only about this account: an email address or an id");
        audit->add_option("--since", events_.since, "only from then on: 2026-11-22T15:59:39Z, or a duration back: 24h")
            ->type_name("TIME");
        audit->add_option("--type", events_.type, "only of this type: " + audit_type_names())->type_name("TYPE");
        auto* verify = add_tool(*audit, "verify", "check the events against their chain",
                                [this](const settings& s) { return verify_audit(s, head_); });
        verify->add_option("--head", head_, "a head that was printed earlier: it must still be in the chain")
            ->type_name("PLACE:MAC");
        verify->footer(what_verifying_proves);
    }

    static std::string audit_type_names() {
        std::string names;
        for (const auto type : audit_types()) names += (names.empty() ? "" : ", ") + std::string(to_string(type));
        return names;
    }

    void add_config_verbs() {
        auto* config = app_.add_subcommand("config", "look after settings");
        add_verb(*config, "check", "say whether the settings are right, and start nothing", [](const settings&) {
            fmt::print("the settings are right\n");
            return 0;
        });
    }

    CLI::App app_{"userinfo: accounts, sessions and profiles for your product's users", "userinfo"};
    std::optional<std::filesystem::path> file_;
    given_options options_;
    std::string email_, who_, kid_, purpose_, head_;
    audit_query events_;
    bool all_ = false;
    bool now_ = false;
    std::function<int()> run_;
};

}  // namespace

int run_command_line(int argc, char** argv) { return command_line().run(argc, argv); }

}  // namespace userinfo::programs
