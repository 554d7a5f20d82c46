#include "programs/secret_line.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace userinfo::programs {

std::optional<secret_string> read_secret_line(int descriptor) {
    constexpr std::size_t longest = 4096;
    secret_string read;
    read.resize(longest);
    std::size_t size = 0;
    while (size < longest && !read.view().substr(0, size).contains('\n')) {
        const auto got = ::read(descriptor, read.bytes().data() + size, longest - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error(errno, std::generic_category(), "cannot read a secret");
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size == 0) return std::nullopt;
    const auto come = read.view().substr(0, size);
    read.resize(std::min(size, come.find('\n')));
    return read;
}

}  // namespace userinfo::programs
