// The service's interface, as the gateway calls it: in the same process (local_userinfo) or, in a cluster, over gRPC
// (rpc/remote_userinfo). It has one function for each use case of use_cases.h:
//
//     virtual task<result<UseCase::reply>> perform(call& call, UseCase request) = 0;
//
// `call.account` is set as soon as it is known whose token it is.
#pragma once

#include "base/call.h"
#include "base/result.h"
#include "base/task.h"
#include "service/use_cases.h"

namespace userinfo {

template <class UseCase>
using outcome_of = result<typename UseCase::reply>;

// A chain of base classes, one for each use case: however many there are, an object has one pointer to its functions.
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

// A class that forgets one of the functions is abstract.
class userinfo_service : public use_cases::all::as<performs> {};

}  // namespace userinfo
