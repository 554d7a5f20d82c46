// What every form of userinfo does, called in its own process or over gRPC.
#include "service/userinfo_service.h"
#include "support/failure_of.h"
#include "support/rpc_server.h"
#include "support/service_parts.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

enum class form { in_process, over_grpc };

class userinfo_service_contract : public testing::TestWithParam<form> {
protected:
    template <class T>
    T run(task<T> source) {
        if (GetParam() == form::over_grpc) return client_.run(std::move(source));
        return programs::run_task(threads_[0], std::move(source));
    }

    token_grant register_and_log_in(const std::string& email) {
        auto call = parts_.request();
        EXPECT_TRUE(run(service_.register_account(call, email, good_password)));
        return log_in(email);
    }

    token_grant log_in(const std::string& email) {
        auto call = parts_.request();
        auto outcome =
            run(service_.log_in(call, {.email = email, .password = good_password, .transport = transport::bearer}));
        return outcome.value();
    }

    // Calls a function of the service with this access token.
    template <class T, class... Parameters, class... Arguments>
    result<T> with(const std::string& token, task<result<T>> (userinfo_service::*function)(call&, Parameters...),
                   Arguments... arguments) {
        auto call = parts_.request(token);
        return run((service_.*function)(call, std::move(arguments)...));
    }

    std::vector<std::optional<errc>> failures_of_all_that_need_a_user(const std::string& token) {
        using service = userinfo_service;
        const profile_input input{.username = "Eve", .birthday = {}, .avatar = {}};
        return {failure_of(with(token, &service::get_account)),
                failure_of(with(token, &service::change_password, good_password, std::string("a newer phrase"))),
                failure_of(with(token, &service::delete_account, good_password)),
                failure_of(with(token, &service::list_sessions)),
                failure_of(with(token, &service::end_session, uuid::random().to_string())),
                failure_of(with(token, &service::end_other_sessions)),
                failure_of(with(token, &service::get_profile, std::optional<seen_version>())),
                failure_of(with(token, &service::create_profile, input)),
                failure_of(with(token, &service::update_profile, input, std::optional<std::uint64_t>())),
                failure_of(with(token, &service::delete_profile, std::optional<std::uint64_t>()))};
    }

    net::io_threads threads_{1};  // the stores' own threads hand work back to it until they end
    service_parts parts_;
    rpc_server server_{parts_.service, threads_};
    rpc_client client_{{server_.address()}};
    userinfo_service& service_ =
        GetParam() == form::in_process ? static_cast<userinfo_service&>(parts_.service) : client_.userinfo;
};

INSTANTIATE_TEST_SUITE_P(, userinfo_service_contract, testing::Values(form::in_process, form::over_grpc),
                         [](const auto& info) { return info.param == form::in_process ? "in_process" : "over_grpc"; });

TEST_P(userinfo_service_contract, a_person_registers_logs_in_and_shows_a_profile) {
    const auto grant = register_and_log_in("Anna@Example.org");
    const auto account = with(grant.access_token, &userinfo_service::get_account).value();
    EXPECT_EQ(account.email, "Anna@Example.org");
    const profile_input input{.username = "Anna", .birthday = "2000-01-01", .avatar = {}};
    EXPECT_EQ(with(grant.access_token, &userinfo_service::create_profile, input).value().account, account.id);
    const auto shown = with(grant.access_token, &userinfo_service::get_profile, std::optional<seen_version>()).value();
    EXPECT_EQ(shown.profile->value->username, "Anna");
    EXPECT_EQ(shown.profile->value->email, "Anna@Example.org");
    ASSERT_TRUE(with(grant.access_token, &userinfo_service::delete_profile, std::optional<std::uint64_t>(1)));
    EXPECT_EQ(failure_of(with(grant.access_token, &userinfo_service::get_profile, std::optional<seen_version>())),
              errc::not_found);
}

TEST_P(userinfo_service_contract, nothing_of_a_user_is_done_without_a_token_that_passes) {
    const auto grant = register_and_log_in(anna);
    const auto ended = log_in(anna);
    auto call = parts_.request(ended.access_token);
    ASSERT_TRUE(run(service_.log_out(call, {.refresh_token = {}})));
    auto forged = grant.access_token;
    forged[forged.rfind('.') + 10] ^= 1;
    for (const auto& token : {std::string(), forged, ended.access_token}) {
        for (const auto& failed : failures_of_all_that_need_a_user(token)) EXPECT_EQ(failed, errc::invalid_token);
    }
    EXPECT_TRUE(parts_.is_accepted(grant));
    parts_.clock.advance(15min);
    for (const auto& failed : failures_of_all_that_need_a_user(grant.access_token)) {
        EXPECT_EQ(failed, errc::token_expired);
    }
    EXPECT_TRUE(parts_.try_log_in(anna));
}

TEST_P(userinfo_service_contract, a_token_reaches_its_own_account_only) {
    const auto annas = register_and_log_in(anna);
    const auto bertas = register_and_log_in(berta);
    const auto bertas_session = parts_.owner_of(bertas).session.to_string();
    EXPECT_EQ(failure_of(with(annas.access_token, &userinfo_service::end_session, bertas_session)), errc::not_found);
    EXPECT_EQ(failure_of(with(annas.access_token, &userinfo_service::end_session, std::string("no id"))),
              errc::not_found);
    EXPECT_TRUE(with(annas.access_token, &userinfo_service::end_other_sessions));
    EXPECT_TRUE(parts_.is_accepted(bertas));
    EXPECT_EQ(with(annas.access_token, &userinfo_service::list_sessions).value().size(), 1u);
    ASSERT_TRUE(with(annas.access_token, &userinfo_service::delete_account, good_password));
    EXPECT_TRUE(parts_.is_accepted(bertas));
}

TEST_P(userinfo_service_contract, lists_sessions_and_marks_the_one_that_asks) {
    const auto other = register_and_log_in(anna);
    const auto own = log_in(anna);
    const auto views = with(own.access_token, &userinfo_service::list_sessions).value();
    ASSERT_EQ(views.size(), 2u);
    for (const auto& view : views) EXPECT_EQ(view.current, view.id == parts_.owner_of(own).session);
    const auto id = parts_.owner_of(other).session.to_string();
    EXPECT_TRUE(with(own.access_token, &userinfo_service::end_session, id));
    EXPECT_FALSE(parts_.is_accepted(other));
}

TEST_P(userinfo_service_contract, renews_tokens_of_the_same_transport) {
    const auto grant = register_and_log_in(anna);
    auto call = parts_.request();
    EXPECT_EQ(failure_of(run(service_.refresh(call, grant.refresh_token, transport::cookie))), errc::invalid_token);
    const auto next = run(service_.refresh(call, grant.refresh_token, transport::bearer));
    ASSERT_TRUE(next);
    EXPECT_TRUE(parts_.is_accepted(*next));
}

TEST_P(userinfo_service_contract, a_password_change_and_a_removal_hold_at_once) {
    const auto grant = register_and_log_in(anna);
    const auto next =
        with(grant.access_token, &userinfo_service::change_password, good_password, std::string("a newer phrase"));
    ASSERT_TRUE(next);
    EXPECT_FALSE(parts_.is_accepted(grant));
    ASSERT_TRUE(with(next->access_token, &userinfo_service::delete_account, std::string("a newer phrase")));
    EXPECT_FALSE(parts_.is_accepted(*next));
    auto call = parts_.request();
    EXPECT_TRUE(run(service_.register_account(call, anna, good_password)));
}

TEST_P(userinfo_service_contract, what_was_seen_of_another_account_forces_no_look_at_the_database) {
    const auto grant = register_and_log_in(anna);
    const auto owner = parts_.owner_of(grant);
    const profile_input input{.username = "Anna", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(with(grant.access_token, &userinfo_service::create_profile, input));
    const profile_changes renamed{.username = "Berta", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(run(parts_.store.profiles.update(owner.account, renamed, std::nullopt, parts_.clock.now())));
    const auto username_seen_by = [&](const uuid& account) {
        const std::optional<seen_version> seen({.account = account, .version = 2});
        return with(grant.access_token, &userinfo_service::get_profile, seen).value().profile->value->username;
    };
    EXPECT_EQ(username_seen_by(uuid::random()), "Anna");
    EXPECT_EQ(username_seen_by(owner.account), "Berta");
}

TEST_P(userinfo_service_contract, a_new_proof_renews_the_access_token_alone) {
    const auto grant = register_and_log_in(anna);
    parts_.clock.advance(10min);
    const auto renewed = with(grant.access_token, &userinfo_service::reauthenticate, good_password).value();
    EXPECT_TRUE(renewed.refresh_token.empty());
    EXPECT_EQ(parts_.owner_of(renewed).auth_time - parts_.owner_of(grant).auth_time, 10min);
    EXPECT_EQ(failure_of(with(grant.access_token, &userinfo_service::reauthenticate, std::string("a wrong one"))),
              errc::wrong_password);
}

TEST_P(userinfo_service_contract, says_which_input_is_wrong_with_whatever_bytes) {
    auto call = parts_.request();
    const auto refused = run(service_.register_account(call, anna, "\xff\xfe not UTF-8"));
    ASSERT_EQ(failure_of(refused), errc::invalid_argument);
    EXPECT_EQ(refused.error().field, "password");
    EXPECT_EQ(refused.error().reason, "not_utf8");
    EXPECT_FALSE(refused.error().message.empty());
    EXPECT_EQ(failure_of(run(service_.refresh(call, "\xff", transport::bearer))), errc::invalid_token);
    EXPECT_EQ(failure_of(with("no \xff token", &userinfo_service::get_account)), errc::invalid_token);
}

TEST_P(userinfo_service_contract, says_how_long_to_wait) {
    register_and_log_in(anna);
    result<token_grant> outcome;
    for (int i = 0; i < 7; ++i) {
        auto call = parts_.request();
        outcome = run(service_.log_in(call, {.email = anna, .password = "a wrong phrase"}));
    }
    ASSERT_EQ(failure_of(outcome), errc::too_many_attempts);
    EXPECT_EQ(outcome.error().retry_after, 1s);
}

TEST_P(userinfo_service_contract, an_old_proof_is_not_enough_to_end_sessions) {
    const auto grant = register_and_log_in(anna);
    parts_.clock.advance(61min);
    auto call = parts_.request();
    const auto later = run(service_.refresh(call, grant.refresh_token, transport::bearer)).value();
    const auto refused = with(later.access_token, &userinfo_service::end_other_sessions);
    ASSERT_EQ(failure_of(refused), errc::reauthentication_required);
    EXPECT_EQ(refused.error().greatest_age, 1h);
}

TEST_P(userinfo_service_contract, tells_whose_token_it_was) {
    const auto grant = register_and_log_in(anna);
    auto call = parts_.request(grant.access_token);
    ASSERT_TRUE(run(service_.get_account(call)));
    EXPECT_EQ(call.account, parts_.owner_of(grant).account);
    parts_.clock.advance(15min);
    call.account.reset();
    EXPECT_EQ(failure_of(run(service_.get_account(call))), errc::token_expired);
}

TEST_P(userinfo_service_contract, shows_versions_and_keeps_to_them) {
    const auto grant = register_and_log_in(anna);
    const profile_input input{.username = "Anna", .birthday = "2000-02-29", .avatar = "https://example.org/a.png"};
    EXPECT_EQ(with(grant.access_token, &userinfo_service::create_profile, input).value().profile->version, 1u);
    EXPECT_EQ(failure_of(with(grant.access_token, &userinfo_service::create_profile, input)), errc::already_exists);
    const profile_input cleared{.username = {}, .birthday = "", .avatar = {}};
    const auto updated =
        with(grant.access_token, &userinfo_service::update_profile, cleared, std::optional<std::uint64_t>(1)).value();
    EXPECT_EQ(updated.profile->version, 2u);
    EXPECT_FALSE(updated.profile->value->birthday);
    EXPECT_EQ(updated.profile->value->avatar, "https://example.org/a.png");
    EXPECT_EQ(
        failure_of(with(grant.access_token, &userinfo_service::update_profile, input, std::optional<std::uint64_t>(1))),
        errc::version_mismatch);
    const auto deleted =
        with(grant.access_token, &userinfo_service::delete_profile, std::optional<std::uint64_t>()).value();
    EXPECT_EQ(deleted.profile->version, 3u);
    EXPECT_FALSE(deleted.profile->value);
}

TEST_P(userinfo_service_contract, a_session_shows_where_it_is_used) {
    const auto grant = register_and_log_in(anna);
    const auto view = with(grant.access_token, &userinfo_service::list_sessions).value().at(0);
    EXPECT_EQ(view.device, "a browser");
    EXPECT_EQ(view.address, "192.0.2.1");
    EXPECT_EQ(view.transport, transport::bearer);
    EXPECT_EQ(view.created_at, parts_.clock.now());
    EXPECT_EQ(view.expires_at(), parts_.clock.now() + 14 * 24h);
}

TEST_P(userinfo_service_contract, publishes_the_key_that_signs) {
    auto call = parts_.request();
    const auto published = run(service_.public_keys(call)).value();
    EXPECT_NE(published.find(parts_.published.current()->signing_key().kid), std::string::npos);
    EXPECT_EQ(published.find("\"d\""), std::string::npos);
}

}  // namespace
}  // namespace userinfo
