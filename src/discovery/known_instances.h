// The registered instances by etcd key, built from lists and watch events. Does no I/O.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "discovery/service_instance.h"

namespace userinfo::discovery {

class known_instances {
public:
    // Starts over, before a new list is put.
    void clear() { by_key_.clear(); }

    // Returns false if `text` is not an instance; then the key has none.
    bool put(std::string_view key, std::string_view text);
    void remove(std::string_view key);

    // Returns each address once, even if it is registered under two keys.
    std::vector<service_instance> all() const;

private:
    std::map<std::string, service_instance, std::less<>> by_key_;
};

}  // namespace userinfo::discovery
