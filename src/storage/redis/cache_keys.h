// The caches' keys in Redis. All keys of one account share a slot, so one request can read several of them.
#pragma once

#include <string>

#include "base/uuid.h"

namespace userinfo::redis {

inline std::string profile_key(const uuid& account) { return "userinfo:get_profile:{" + account.to_string() + '}'; }

inline std::string session_key(const uuid& account, const uuid& session) {
    return "userinfo:session:{" + account.to_string() + "}:" + session.to_string();
}

inline std::string arrived_key(const uuid& account, const uuid& session) {
    return "userinfo:arrived:{" + account.to_string() + "}:" + session.to_string();
}

}  // namespace userinfo::redis
