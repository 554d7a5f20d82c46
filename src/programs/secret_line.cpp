#include "programs/secret_line.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

#include <unistd.h>

#include "base/unicode.h"

namespace userinfo::programs {

namespace {

std::unexpected<error> unreadable(int why) {
    if (why == EBADF)
        return failure(errc::invalid_argument, "standard input is closed: the password is its first line");
    return failure(errc::invalid_argument, std::string("standard input cannot be read: ") + std::strerror(why));
}

}  // namespace

result<secret_string> read_secret_line(int descriptor) {
    constexpr std::size_t longest = 4096;
    secret_string read;
    read.resize(longest);
    std::size_t size = 0;
    while (size < longest && !read.view().substr(0, size).contains('\n')) {
        const auto got = ::read(descriptor, read.bytes().data() + size, longest - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(errno);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size == 0) return failure(errc::invalid_argument, "no password on standard input");
    auto line = without_byte_order_mark(read.view().substr(0, size));
    if (const auto end = line.find('\n'); end != line.npos) {
        line = line.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
    }
    if (line.contains('\r')) {
        return failure(errc::invalid_argument,
                       "the password on standard input has a carriage return, which no log-in form can send");
    }
    return secret_string(line);
}

}  // namespace userinfo::programs
