// The interface of the service. The gateway calls it in the same process (local_userinfo) or, in a cluster, over gRPC
// (rpc/remote_userinfo). It has one function for each use case in use_cases.h:
//
//     virtual task<result<UseCase::reply>> perform(call& call, UseCase request) = 0;
//
// The service sets `call.account` once it knows whose access token the call has.
#pragma once

#include "base/call.h"
#include "base/result.h"
#include "base/task.h"
#include "service/use_cases.h"

namespace userinfo {

template <class UseCase>
using outcome_of = result<typename UseCase::reply>;

// A linear chain of base classes, one for each use case, so that an object has a single vtable pointer.
template <class UseCase, class... Others>
class performs : public performs<Others...> {
public:
    using performs<Others...>::perform;
    virtual task<outcome_of<UseCase>> perform(call& call, UseCase request) = 0;
};

template <class UseCase>
class performs<UseCase> {
public:
    virtual ~performs() = default;
    virtual task<outcome_of<UseCase>> perform(call& call, UseCase request) = 0;
};

// A class that does not implement every use case is abstract.
class userinfo_service : public use_cases::all::as<performs> {};

}  // namespace userinfo
