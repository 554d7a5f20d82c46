// The keys of etcd under which services are announced: the prefix and the address.
#pragma once

#include <string>

namespace userinfo::discovery {

inline std::string services_prefix(const std::string& prefix) { return prefix + "/services/"; }

// The first key behind all that begin with `prefix`, which does not end in the greatest byte.
inline std::string end_of(std::string prefix) {
    ++prefix.back();
    return prefix;
}

}  // namespace userinfo::discovery
