// `userinfo help`: explains verbs and settings.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace userinfo::programs {

// `topic` is the words of a verb, "settings", or empty for all verbs. Prints it, or one line to standard error if there
// is no such topic. Returns the exit code.
int explain(CLI::App& root, const std::vector<std::string>& topic);

}  // namespace userinfo::programs
