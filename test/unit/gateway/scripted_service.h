// A service that answers as a test tells it to, and remembers what it was asked.
#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "service/uniform_userinfo.h"

namespace userinfo::gateway::test {

// A call that no test expects fails with errc::internal.
class scripted_service : public uniform_userinfo<scripted_service> {
public:
    template <class UseCase>
    using script = std::function<outcome_of<UseCase>(const call&, const UseCase&)>;

    // How a use case is answered from now on: `reply` is a script, or takes the request alone, or nothing.
    template <class UseCase>
    void on(auto reply) {
        std::get<script<UseCase>>(scripts_) = [reply](const call& call, const UseCase& request) -> outcome_of<UseCase> {
            if constexpr (requires { reply(call, request); })
                return reply(call, request);
            else if constexpr (requires { reply(request); })
                return reply(request);
            else
                return reply();
        };
    }

    std::vector<std::string> calls;     // "GetAccount access-token", in order
    std::function<bool()> client_left;  // of the last call

    template <class UseCase>
    task<outcome_of<UseCase>> answer(call& call, UseCase request) {
        calls.push_back(std::string(UseCase::description.name) + ' ' + call.access_token);
        client_left = call.client_left;
        const auto& script = std::get<scripted_service::script<UseCase>>(scripts_);
        if (!script) co_return failure(errc::internal, "not expected");
        co_return script(call, request);
    }

private:
    template <class... UseCases>
    using scripts = std::tuple<script<UseCases>...>;

    use_cases::all::as<scripts> scripts_;
};

}  // namespace userinfo::gateway::test
