// The instances by their keys in etcd: what a list or an event makes of them. No I/O.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "discovery/service_instance.h"

namespace userinfo::discovery {

class known_instances {
public:
    // There are no others than those that are put from now on.
    void clear() { by_key_.clear(); }

    // False: the text is no instance's, and there is none of that key now.
    bool put(std::string_view key, std::string_view text);
    void remove(std::string_view key);

    // An address that stands under two keys is one instance.
    std::vector<service_instance> all() const;

private:
    std::map<std::string, service_instance, std::less<>> by_key_;
};

}  // namespace userinfo::discovery
