#include "net/socket_file.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace userinfo::net {
namespace {

std::runtime_error in_use(const std::string& path) { return std::runtime_error("unix:" + path + " is in use"); }

std::runtime_error cannot_listen(const std::string& path, const std::string& why) {
    return std::runtime_error("cannot listen on unix:" + path + ": " + why);
}

sockaddr_un name_of(const std::string& path) {
    sockaddr_un name{};
    if (path.size() >= sizeof name.sun_path) throw cannot_listen(path, "the path is too long");
    name.sun_family = AF_UNIX;
    path.copy(name.sun_path, path.size());
    return name;
}

file_descriptor lock(const std::string& path) {
    const auto beside = path + ".lock";
    file_descriptor file(::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (file.number() < 0) throw cannot_listen(path, beside + ": " + std::strerror(errno));
    if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) return file;
    if (errno == EWOULDBLOCK) throw in_use(path);
    throw cannot_listen(path, beside + ": " + std::strerror(errno));
}

// A program that ignores the lock may own the socket. A server with a full queue is alive, too.
bool is_answered(const std::string& path) {
    const auto name = name_of(path);
    const file_descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    return ::connect(probe.number(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 || errno == EAGAIN;
}

void remove_stale(const std::string& path) {
    struct stat found;
    if (::lstat(path.c_str(), &found) != 0) return;  // bind(2) reports any other problem
    if (!S_ISSOCK(found.st_mode)) throw cannot_listen(path, "a file that is not a socket is there");
    if (is_answered(path)) throw in_use(path);
    ::unlink(path.c_str());
}

}  // namespace

socket_file::socket_file(std::string path) : path_(std::move(path)), lock_(lock(path_)) { remove_stale(path_); }

socket_file::~socket_file() {
    if (bound_) ::unlink(path_.c_str());
}

void socket_file::bind(int socket, socket_access access) {
    const auto name = name_of(path_);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
        throw cannot_listen(path_, std::strerror(errno));
    bound_ = true;
    // Nobody could connect meanwhile, because the socket does not listen yet.
    const mode_t group = access == socket_access::group ? S_IRGRP | S_IWGRP : 0;
    if (::chmod(path_.c_str(), S_IRUSR | S_IWUSR | group) != 0) throw cannot_listen(path_, std::strerror(errno));
}

}  // namespace userinfo::net
