#include "password/password_block_list.h"

#include <unordered_set>

#include "common_passwords.embedded.h"

namespace userinfo {

namespace {

std::unordered_set<std::string_view> lines_of(std::string_view text) {
    std::unordered_set<std::string_view> lines;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        if (!line.empty()) lines.insert(line);
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return lines;
}

const std::unordered_set<std::string_view>& block_list() {
    static const auto list = lines_of(embedded::common_passwords);
    return list;
}

}  // namespace

bool is_common_password(std::string_view password) { return block_list().contains(password); }

std::size_t common_password_count() { return block_list().size(); }

}  // namespace userinfo
