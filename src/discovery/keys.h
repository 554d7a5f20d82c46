// The etcd keys under which services are registered: the prefix and the address.
#pragma once

#include <string>

namespace userinfo::discovery {

inline std::string services_prefix(const std::string& prefix) { return prefix + "/services/"; }

// The end of the key range for `prefix` in etcd's API: the first key after it. The last byte of `prefix` must not be
// 0xff.
inline std::string end_of(std::string prefix) {
    ++prefix.back();
    return prefix;
}

}  // namespace userinfo::discovery
