// All settings: their names, parsers and descriptions. The configuration file, the environment variables, the command
// line and the help are all generated from this table.
#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "programs/settings.h"

namespace userinfo::programs {

// An operator's mistake. The message is one line that names the file, key or value. The program ends with exit code 2.
class config_error : public std::runtime_error {
public:
    // Shows it as `printable` does, because it may quote a value.
    explicit config_error(const std::string& message);
};

struct setting {
    std::string_view key;            // "tokens.access_lifetime"
    std::string_view form;           // "DURATION"
    std::string_view default_value;  // "15m", as `read` takes it; empty if it is not set
    std::string_view help;
    bool secret = false;                                  // read from the environment only, and never printed
    void (*read)(settings& into, std::string_view text);  // throws std::invalid_argument
    std::string_view one_of = {};                         // "serve, refuse"; empty if it takes other values, too

    // "USERINFO_TOKENS_ACCESS_LIFETIME"
    std::string environment_name() const;
    // "--tokens-access-lifetime"
    std::string option_name() const;
    // The words of `one_of`.
    std::vector<std::string> choices() const;
};

std::span<const setting> setting_table();

// Null if no setting has this key.
const setting* find_setting(std::string_view key);

}  // namespace userinfo::programs
