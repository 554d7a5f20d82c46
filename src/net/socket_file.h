// The file of a unix socket. One process owns it at a time and removes it at the end.
#pragma once

#include <string>

#include "base/file_descriptor.h"

namespace userinfo::net {

// Who may connect: the owner alone, or the owner and its group.
enum class socket_access { owner, group };

class socket_file {
public:
    // Claims `path` and removes a socket that a dead process left there. A lock on the file `path`.lock keeps apart two
    // processes that start at the same time; the lock file is never removed. Throws std::runtime_error ("unix:/path is
    // in use").
    explicit socket_file(std::string path);

    // Removes the socket file.
    ~socket_file();

    socket_file(const socket_file&) = delete;
    socket_file& operator=(const socket_file&) = delete;

    // Binds `socket` to the path. Call it once. Throws std::runtime_error.
    void bind(int socket, socket_access access);

private:
    const std::string path_;
    const file_descriptor lock_;
    bool bound_ = false;
};

}  // namespace userinfo::net
