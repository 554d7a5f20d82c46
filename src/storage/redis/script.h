// A Lua script that Redis runs atomically.
#pragma once

#include <string>
#include <string_view>

namespace userinfo::redis {

class script {
public:
    explicit script(std::string_view text);

    const std::string& text() const { return text_; }

    // The name under which Redis caches the script: its SHA-1, as Redis requires.
    const std::string& name() const { return name_; }

private:
    std::string text_;
    std::string name_;
};

}  // namespace userinfo::redis
