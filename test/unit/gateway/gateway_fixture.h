// A gateway before a scripted service.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gateway/gateway.h"
#include "support/run_task.h"
#include "unit/gateway/scripted_service.h"
#include "unit/http/messages.h"

namespace userinfo::gateway::test {

// `name` tells several grants apart.
inline token_grant grant_for(transport transport, const std::string& name = "new") {
    return {.access_token = name + "-access",
            .refresh_token = name + "-refresh",
            .access_lifetime = std::chrono::minutes(15),
            .refresh_lifetime = std::chrono::days(14),
            .transport = transport};
}

class gateway_fixture : public testing::Test {
protected:
    http::reply send(http::method method, std::string_view path, http::test::header_list headers = {},
                     std::string_view body = {}) {
        if (!body.empty()) headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
        auto request = http::test::request_with(std::move(headers), method);
        request.path = path;
        request.body = body;
        request.peer_address = "127.0.0.1";
        request.client_left = client_left_;
        return userinfo::test::run(gateway_.handle(request));
    }

    // "access_token=new-access" for each cookie that the reply sets or clears.
    static std::vector<std::string> cookies_of(const http::reply& reply) {
        auto cookies = http::test::values_of(reply, "Set-Cookie");
        for (auto& cookie : cookies) cookie.resize(cookie.find(';'));
        return cookies;
    }

    scripted_service service_;
    std::function<bool()> client_left_;

private:
    metrics metrics_;
    gateway gateway_{{.public_url = public_url::parse("http://127.0.0.1:8080")}, service_, metrics_};
};

}  // namespace userinfo::gateway::test
