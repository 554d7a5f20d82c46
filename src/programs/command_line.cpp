#include "programs/command_line.h"

#include <cstdio>
#include <span>
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

// Repeats only unknown options and verbs. Any other word may be a secret that was typed in the wrong place.
std::string unexpected_argument(CLI::App& parser) {
    const auto first = parser.remaining(true).front();
    if (first.starts_with('-')) return first.substr(0, first.find('=')) + " is not an option of this verb";
    const auto chosen = parser.get_subcommands();
    const bool wants_verb =
        chosen.empty() || !chosen.front()->get_subcommands([](const CLI::App*) { return true; }).empty();
    return wants_verb ? "'" + first + "' is not a verb" : "there is an argument too many";
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
        return parser.exit(help);
    } catch (const CLI::ExtrasError&) {
        return refuse(unexpected_argument(parser));
    } catch (const CLI::ParseError& why) {
        return refuse(one_line(why.what()));
    }
    const auto code = verbs.run_chosen();
    return code ? *code : refuse("which verb? userinfo --help lists them");
}

}  // namespace userinfo::programs
