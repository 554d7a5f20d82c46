// What the service is told about a request.
#include "unit/gateway/gateway_fixture.h"

namespace userinfo::gateway {
namespace {

class gateway_call : public test::gateway_fixture {};

TEST_F(gateway_call, can_ask_whether_the_client_has_left) {
    service_.on<use_cases::get_account>([] { return account{}; });
    bool left = false;
    client_left_ = [&left] { return left; };
    send(http::method::get, "/api/account", {{"Authorization", "Bearer t"}});
    ASSERT_TRUE(service_.client_left);
    EXPECT_FALSE(service_.client_left());
    left = true;
    EXPECT_TRUE(service_.client_left());
}

}  // namespace
}  // namespace userinfo::gateway
