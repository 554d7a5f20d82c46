// A userinfo that gives the answers that a test sets, whatever the request.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "service/uniform_userinfo.h"

namespace userinfo::test {

class scripted_userinfo final : public uniform_userinfo<scripted_userinfo> {
public:
    using script = std::function<task<result<void>>(call&)>;

    explicit scripted_userinfo(script script) : script_(std::move(script)) {}

    std::size_t calls() const { return calls_; }

    // Plays the script; if that succeeds, so does the use case, with some reply of its type.
    template <class UseCase>
    task<outcome_of<UseCase>> answer(call& call, UseCase) {
        ++calls_;
        const auto played = co_await script_(call);
        if (!played) co_return std::unexpected(played.error());
        if constexpr (std::is_void_v<typename UseCase::reply>)
            co_return outcome_of<UseCase>();
        else
            co_return some<typename UseCase::reply>();
    }

private:
    template <class Reply>
    static Reply some() {
        if constexpr (std::is_same_v<Reply, token_grant>)
            return {.access_token = "a",
                    .refresh_token = "r",
                    .access_lifetime = {},
                    .refresh_lifetime = {},
                    .transport = transport::bearer};
        else if constexpr (std::is_same_v<Reply, profile_view>)
            return {.account = {}, .profile = std::make_shared<const versioned_profile>()};
        else
            return {};
    }

    const script script_;
    std::atomic<std::size_t> calls_ = 0;
};

}  // namespace userinfo::test
