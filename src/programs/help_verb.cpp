#include "programs/help_verb.h"

#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "base/unicode.h"
#include "programs/setting_table.h"
#include "programs/verbs.h"

namespace userinfo::programs {

namespace {

constexpr int usage_error = 2;

std::string setting_text(const setting& setting) {
    const auto variable = setting.environment_name();
    const auto sources = setting.secret ? variable : setting.option_name() + ", " + variable;
    auto text = fmt::format("  {} {}\n      {}\n", setting.key, setting.form, setting.help);
    if (!setting.one_of.empty()) text += fmt::format("      one of: {}\n", setting.one_of);
    if (!setting.default_value.empty()) text += fmt::format("      default: {}\n", setting.default_value);
    return text + fmt::format("      {}\n", sources);
}

void print_settings() {
    fmt::print(
        "A setting is a key in the YAML file that --config names, an environment variable, and an option of each verb "
        "that\nuses settings. The last of these wins. Secrets are not options and do not belong in the file.\n");
    std::string_view last_section;
    for (const auto& setting : setting_table()) {
        const auto dot = setting.key.find('.');
        const auto section = dot == setting.key.npos ? std::string_view() : setting.key.substr(0, dot);
        if (section != last_section || section.empty()) fmt::print("\n");
        last_section = section;
        fmt::print("{}", setting_text(setting));
    }
}

}  // namespace

int explain(CLI::App& root, const std::vector<std::string>& topic) {
    if (topic == std::vector<std::string>{"settings"}) {
        print_settings();
        return 0;
    }
    const CLI::App* verb = &root;
    std::string name = root.get_name();
    for (const auto& word : topic) {
        verb = find_verb(*verb, word);
        if (verb == nullptr) {
            fmt::print(stderr, "userinfo: '{}' is neither a verb nor `settings`; userinfo --help lists the verbs\n",
                       printable(word));
            return usage_error;
        }
        name += ' ' + word;
    }
    fmt::print("{}", verb->get_formatter()->make_help(verb, name, CLI::AppFormatMode::Normal));
    return 0;
}

}  // namespace userinfo::programs
