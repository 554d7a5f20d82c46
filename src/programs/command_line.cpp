#include "programs/command_line.h"

#include <cstdio>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/unicode.h"
#include "programs/completion.h"
#include "programs/verbs.h"

namespace userinfo::programs {

namespace {

constexpr int usage_error = 2;

int refuse(const std::string& why) {
    fmt::print(stderr, "userinfo: {}\n", printable(why));
    return usage_error;
}

const CLI::App& deepest_chosen(const CLI::App& parser) {
    const auto* app = &parser;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().back();
    return *app;
}

// "user create"; empty for the root.
std::string verb_name(const CLI::App& verb) {
    std::string name;
    for (const auto* app = &verb; app->get_parent() != nullptr; app = app->get_parent()) {
        name = name.empty() ? app->get_name() : app->get_name() + ' ' + name;
    }
    return name;
}

std::string help_of(const CLI::App& verb) {
    const auto name = verb_name(verb);
    return "userinfo " + (name.empty() ? "" : name + ' ') + "--help";
}

std::vector<std::string> verbs_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* each : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(each->get_name());
    return names;
}

std::vector<std::string> arguments_of(const CLI::App& verb) {
    std::vector<std::string> names;
    for (const auto* option : verb.get_options()) {
        if (option->get_positional()) names.push_back(option->get_type_name());
    }
    return names;
}

// Whether a verb must follow: "userinfo" and "userinfo user" do nothing themselves, "userinfo audit" does.
bool is_group(const CLI::App& app) { return !verbs_of(app).empty() && app.get_option_no_throw("--config") == nullptr; }

// Repeats only unknown options and verbs. Any other word may be a secret that was typed in the wrong place.
std::string unexpected_argument(const CLI::App& parser) {
    const auto first = parser.remaining(true).front();
    const auto& verb = deepest_chosen(parser);
    if (first.starts_with('-')) return first.substr(0, first.find('=')) + " is not an option; see " + help_of(verb);
    if (is_group(verb)) return "'" + first + "' is not a verb; " + help_of(verb) + " lists them";
    const auto arguments = arguments_of(verb);
    if (arguments.empty()) return verb_name(verb) + " takes no argument";
    return fmt::format("{} takes one argument: {}", verb_name(verb), arguments.front());
}

std::string missing_argument(const CLI::App& verb, const std::string& otherwise) {
    for (const auto* option : verb.get_options()) {
        if (!option->get_required() || option->count() > 0) continue;
        const auto name = option->get_positional() ? "" : "--" + option->get_lnames().front() + ' ';
        return fmt::format("{} needs {}{}: {}", verb_name(verb), name, option->get_type_name(),
                           option->get_description());
    }
    return otherwise;
}

// The parser does not say which option it is. Any word that follows an option is its value, so only the last one has
// none.
std::string missing_value(const CLI::App& verb, std::string_view last, const std::string& otherwise) {
    const auto* option = last.starts_with("--") ? verb.get_option_no_throw(std::string(last)) : nullptr;
    if (option == nullptr || option->get_type_size_max() == 0) return otherwise;
    return fmt::format("{} needs a value: {}", last, option->get_type_name());
}

// What the rule of an argument says, which names the argument itself.
std::string broken_rule(const std::string& text) {
    const auto colon = text.find(": ");
    return colon == text.npos ? text : text.substr(colon + 2);
}

std::string missing_verb(const CLI::App& group) {
    const auto name = verb_name(group);
    if (name.empty()) return "which verb? userinfo --help lists them";
    return fmt::format("{} needs a verb: {}; see {}", name, fmt::join(verbs_of(group), ", "), help_of(group));
}

std::string one_line(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
}

// A shell asks; its words are no options of this program.
bool is_completion(std::span<char*> arguments) {
    return arguments.size() > 2 && arguments[1] == std::string_view("completion") &&
           arguments[2] == std::string_view("words");
}

int print_completions(verbs& verbs, std::span<char*> words) {
    for (const auto& word : complete(verbs, {words.begin(), words.end()})) fmt::print("{}\n", word);
    return 0;
}

}  // namespace

int run_command_line(int argc, char** argv) {
    verbs verbs;
    auto& parser = verbs.parser();
    const std::span arguments(argv, static_cast<std::size_t>(argc));
    if (is_completion(arguments)) return print_completions(verbs, arguments.subspan(3));
    try {
        parser.parse(argc, argv);
    } catch (const CLI::Success& help) {
        std::ostringstream text;
        const int code = parser.exit(help, text);
        fmt::print("{}", text.str());
        return code;
    } catch (const CLI::ExtrasError&) {
        return refuse(unexpected_argument(parser));
    } catch (const CLI::RequiredError& why) {
        return refuse(missing_argument(deepest_chosen(parser), one_line(why.what())));
    } catch (const CLI::ArgumentMismatch& why) {
        return refuse(missing_value(deepest_chosen(parser), arguments.back(), one_line(why.what())));
    } catch (const CLI::ValidationError& why) {
        return refuse(broken_rule(one_line(why.what())));
    } catch (const CLI::ParseError& why) {
        return refuse(one_line(why.what()));
    }
    const auto code = verbs.run_chosen();
    return code ? *code : refuse(missing_verb(deepest_chosen(parser)));
}

}  // namespace userinfo::programs
