// The verbs of the command line: their options, their help, and what they run.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "programs/audit_verbs.h"
#include "programs/load_settings.h"
#include "programs/output_form.h"

namespace userinfo::programs {

// The verb of `app` with this name, or null.
const CLI::App* find_verb(const CLI::App& app, std::string_view name);

class verbs {
public:
    // The words that an option or an argument takes.
    using choices = std::map<const CLI::Option*, std::vector<std::string>>;

    verbs();

    verbs(const verbs&) = delete;
    verbs& operator=(const verbs&) = delete;

    // The parser. Its callbacks choose what `run_chosen` does.
    CLI::App& parser() { return root_; }

    // Options and arguments that take any word are missing.
    const choices& known_choices() const { return choices_; }

    // Runs the verb that was parsed, and returns the exit code. Returns nothing if no verb was.
    std::optional<int> run_chosen() const;

private:
    using action = std::function<int(const settings&)>;

    // What `--help` says of a verb.
    struct description {
        std::string name;
        std::string what;
        std::string more;  // explanations and an example
    };

    void add_roles();
    void add_user_verbs();
    void add_key_verbs();
    void add_audit_verbs();
    void add_config_verbs();
    void add_help_verbs();

    CLI::App* add_group(const std::string& name, const std::string& what);
    // A verb with settings, which are options, too.
    CLI::App* add_verb(CLI::App& parent, const description& about, action perform);
    // The same for one that prints its result.
    CLI::App* add_tool(CLI::App& parent, const description& about, action perform);
    void add_user_verb(CLI::App& user, const description& about, int (*perform)(const settings&, const std::string&));
    void add_who(CLI::App& verb);
    void add_json(CLI::App& verb);
    void let_choose(CLI::Option* option, std::vector<std::string> words);

    output_form form() const { return json_ ? output_form::json : output_form::text; }

    CLI::App root_;
    choices choices_;
    std::optional<std::filesystem::path> file_;
    given_options options_;
    std::string email_, who_, kid_, purpose_, head_, role_, shell_;
    std::vector<std::string> topic_;
    audit_query events_;
    bool all_ = false, now_ = false, json_ = false, follow_ = false;
    std::function<int()> run_;
};

}  // namespace userinfo::programs
