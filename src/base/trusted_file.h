// Opens a file that decides about security, such as a key, only if nobody but root and the user who runs this program
// can have put it there.
#pragma once

#include <filesystem>

#include "base/file_descriptor.h"

namespace userinfo {

// Opens a regular file for reading, without blocking. Follows symbolic links, as the secrets of Kubernetes are. Throws
// std::runtime_error that begins with the name of the file, and says what to change, if
//
// - the file belongs to somebody other than root and the effective user
// - a folder or a link on the way to it does; an owner outside of this program's user namespace made the namespace
// - a group can write to the file, and somebody else is in it
// - others can write to a folder on the way: they could replace what is in it. In a sticky folder, such as /tmp, they
//   cannot. A group may write if nobody else is in it
//
// Each step is judged by the descriptor that the next one starts from, so what is replaced meanwhile is not followed.
file_descriptor open_trusted_file(const std::filesystem::path& file);

// Throws like open_trusted_file, but not if the file, or a folder on the way, does not exist: this program may make it.
void require_trusted_place(const std::filesystem::path& file);

}  // namespace userinfo
