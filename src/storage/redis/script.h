// A Lua script that runs in Redis, as one step that nothing comes between.
#pragma once

#include <string>
#include <string_view>

namespace userinfo::redis {

class script {
public:
    explicit script(std::string_view text);

    const std::string& text() const { return text_; }

    // The name by which Redis knows it once it has seen it: its SHA-1, as it demands.
    const std::string& name() const { return name_; }

private:
    std::string text_;
    std::string name_;
};

}  // namespace userinfo::redis
