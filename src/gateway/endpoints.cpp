#include <vector>

#include "gateway/endpoint.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

std::span<const endpoint> endpoints() {
    static const auto all = [] {
        std::vector<endpoint> joined;
        for (const auto table :
             {account_routes(), session_routes(), device_routes(), profile_routes(), public_routes()})
            joined.insert(joined.end(), table.begin(), table.end());
        return joined;
    }();
    return all;
}

}  // namespace userinfo::gateway
