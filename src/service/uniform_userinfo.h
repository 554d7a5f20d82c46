// A base for services that treat every use case the same way: the client of gRPC, and test doubles.
#pragma once

#include <utility>

#include "service/userinfo_service.h"

namespace userinfo {

template <class Service, class... UseCases>
class performs_alike;

template <class Service>
class performs_alike<Service> : public userinfo_service {};

template <class Service, class UseCase, class... Others>
class performs_alike<Service, UseCase, Others...> : public performs_alike<Service, Others...> {
public:
    using performs_alike<Service, Others...>::perform;

    task<outcome_of<UseCase>> perform(call& call, UseCase request) final {
        return static_cast<Service&>(*this).answer(call, std::move(request));
    }
};

// `Service` derives from it and has one public template for all use cases:
//
//     template <class UseCase>
//     task<outcome_of<UseCase>> answer(call& call, UseCase request);
template <class Service>
class uniform_userinfo : public use_cases::all::as<performs_alike, Service> {};

}  // namespace userinfo
