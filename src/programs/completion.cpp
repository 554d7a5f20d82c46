#include "programs/completion.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace userinfo::programs {

namespace {

constexpr auto help_name = "help";

// bash splits words at "=".
constexpr std::string_view script = R"(_userinfo() {
    mapfile -t COMPREPLY < <("${1/#\~/$HOME}" completion words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _userinfo userinfo
)";

std::string_view name_in(std::string_view word) { return word.substr(0, word.find('=')); }

const CLI::Option* find_option(const CLI::App& verb, std::string_view word) {
    for (const auto* option : verb.get_options()) {
        for (const auto& name : option->get_lnames()) {
            if (name_in(word) == "--" + name) return option;
        }
    }
    return nullptr;
}

bool takes_value(const CLI::Option& option) { return option.get_type_size_max() > 0; }

// Where the cursor is: behind which verb, and whether the word is the value of an option.
struct place {
    const CLI::App* verb;
    const CLI::Option* option = nullptr;
    bool options_ended = false;
};

place walk(const CLI::App& root, const std::vector<std::string>& words) {
    place at{.verb = &root};
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "=") continue;
        if (at.option != nullptr) {
            at.option = nullptr;
        } else if (word == "--") {
            at.options_ended = true;
        } else if (word.starts_with('-') && !at.options_ended) {
            const auto* option = find_option(*at.verb, word);
            if (option != nullptr && takes_value(*option) && !word.contains('=')) at.option = option;
        } else if (const auto* verb = find_verb(*at.verb, word)) {
            at.verb = verb;
        }
    }
    return at;
}

std::vector<std::string> options_of(const CLI::App& verb) {
    std::vector<std::string> names;
    for (const auto* option : verb.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

std::vector<std::string> choices_of(const verbs& verbs, const CLI::Option* option) {
    const auto known = verbs.known_choices().find(option);
    return known == verbs.known_choices().end() ? std::vector<std::string>() : known->second;
}

std::vector<std::string> verbs_of(const CLI::App& verb) {
    std::vector<std::string> names;
    for (const auto* each : verb.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(each->get_name());
    return names;
}

// Its verbs, and what its arguments can be.
std::vector<std::string> words_behind(const verbs& verbs, const CLI::App& verb) {
    auto words = verbs_of(verb);
    for (const auto* option : verb.get_options()) {
        if (option->get_positional()) std::ranges::copy(choices_of(verbs, option), std::back_inserter(words));
    }
    return words;
}

// `help` explains a verb, which may have two words. Whatever else it explains has one.
std::vector<std::string> topics(const verbs& verbs, const CLI::App& root, std::span<const std::string> typed) {
    if (typed.size() == 1) {
        auto words = words_behind(verbs, *find_verb(root, help_name));
        std::ranges::copy(verbs_of(root), std::back_inserter(words));
        return words;
    }
    const auto* verb = &root;
    for (const auto& word : typed.first(typed.size() - 1)) {
        verb = find_verb(*verb, word);
        if (verb == nullptr) return {};
    }
    return verbs_of(*verb);
}

}  // namespace

std::vector<std::string> complete(verbs& verbs, const std::vector<std::string>& words) {
    std::string begun = words.empty() || words.back() == "=" ? "" : words.back();
    const auto at = walk(verbs.parser(), words);
    std::vector<std::string> candidates;
    if (at.option != nullptr) {
        candidates = choices_of(verbs, at.option);
    } else if (words.size() > 1 && words.front() == help_name && !begun.starts_with('-')) {
        candidates = topics(verbs, verbs.parser(), std::span(words).subspan(1));
    } else if (at.options_ended || !begun.starts_with('-')) {
        candidates = words_behind(verbs, *at.verb);
    } else if (begun.contains('=')) {  // shells that do not split there
        for (const auto& choice : choices_of(verbs, find_option(*at.verb, begun))) {
            candidates.push_back(std::string(name_in(begun)) + '=' + choice);
        }
    } else {
        candidates = options_of(*at.verb);
    }
    std::erase_if(candidates, [&](const std::string& word) { return !word.starts_with(begun); });
    return candidates;
}

std::string is_shell(const std::string& name) { return name == "bash" ? "" : "SHELL must be bash"; }

int print_completion() {
    fmt::print("{}", script);
    return 0;
}

}  // namespace userinfo::programs
