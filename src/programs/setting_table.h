// The names of all settings, how their text is read, and what they are for. The configuration file, the environment,
// the command line and their help are all made from this one table.
#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "programs/settings.h"

namespace userinfo::programs {

// A mistake of the operator's: one line that names the file, key or value. The program ends with exit code 2.
class config_error : public std::runtime_error {
public:
    // Control characters, which a quoted value may bring, become spaces.
    explicit config_error(std::string message);
};

struct setting {
    std::string_view key;   // "tokens.access_lifetime"
    std::string_view form;  // "DURATION"
    std::string_view help;
    bool secret = false;                                  // taken from the environment alone, and never printed
    void (*read)(settings& into, std::string_view text);  // throws std::invalid_argument

    // "USERINFO_TOKENS_ACCESS_LIFETIME"
    std::string environment_name() const;
    // "--tokens-access-lifetime"
    std::string option_name() const;
};

std::span<const setting> setting_table();

// Null if there is none of that key.
const setting* find_setting(std::string_view key);

}  // namespace userinfo::programs
