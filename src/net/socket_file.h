// The file of a unix socket: one process's at a time, and gone with it.
#pragma once

#include <string>

#include "base/file_descriptor.h"

namespace userinfo::net {

// Who may connect to it, beside its owner.
enum class socket_access { owner, group };

class socket_file {
public:
    // Takes the place, and removes the socket that a process which has ended left there. Two processes that start at
    // once are kept apart by a lock on the file `path`.lock, which stays there. Throws std::runtime_error ("unix:/path
    // is in use").
    explicit socket_file(std::string path);

    // Removes the socket.
    ~socket_file();

    socket_file(const socket_file&) = delete;
    socket_file& operator=(const socket_file&) = delete;

    // Gives `socket` its name. Once. Throws std::runtime_error.
    void bind(int socket, socket_access access);

private:
    const std::string path_;
    const file_descriptor lock_;
    bool bound_ = false;
};

}  // namespace userinfo::net
