// What every form of userinfo does, called in its own process or over gRPC.
#include "service/userinfo_service.h"
#include "support/failure_of.h"
#include "support/rpc_server.h"
#include "support/scratch_folder.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;
using namespace use_cases;

enum class form { in_process, over_grpc };

// Stops the threads when the server has ended: what the service does in the background uses its parts.
struct thread_stopper {
    net::io_threads& threads;

    ~thread_stopper() { threads.stop(); }
};

class userinfo_service_contract : public testing::TestWithParam<form> {
protected:
    template <class T>
    T run(task<T> source) {
        if (GetParam() == form::over_grpc) return client_.run(std::move(source));
        return programs::run_task(threads_[0], std::move(source));
    }

    // Asks the service, with this access token.
    template <class UseCase>
    outcome_of<UseCase> ask(UseCase request, const std::string& token = {}) {
        auto call = parts_.request(token);
        return run(service_.perform(call, std::move(request)));
    }

    token_grant register_and_log_in(const std::string& email) {
        EXPECT_TRUE(ask(register_account{.email = email, .password = secret_string(good_password)}));
        return log_in_as(email);
    }

    token_grant log_in_as(const std::string& email) {
        return ask(log_in{.email = email, .password = secret_string(good_password), .transport = transport::bearer})
            .value();
    }

    std::vector<std::optional<errc>> failures_of_all_that_need_a_session(const std::string& token) {
        const profile_input input{.username = "Eve", .birthday = {}, .avatar = {}};
        return {failure_of(ask(get_account(), token)),
                failure_of(ask(check_session(), token)),
                failure_of(ask(change_password{secret_string(good_password), secret_string("a newer phrase")}, token)),
                failure_of(ask(reauthenticate{secret_string(good_password)}, token)),
                failure_of(ask(delete_account{secret_string(good_password)}, token)),
                failure_of(ask(list_sessions(), token)),
                failure_of(ask(end_session{uuid::random().to_string()}, token)),
                failure_of(ask(end_other_sessions(), token)),
                failure_of(ask(list_devices(), token)),
                failure_of(ask(forget_device{uuid::random().to_string()}, token)),
                failure_of(ask(get_profile(), token)),
                failure_of(ask(create_profile{input}, token)),
                failure_of(ask(update_profile{.input = input}, token)),
                failure_of(ask(delete_profile(), token))};
    }

    net::io_threads threads_{1};  // the stores' own threads hand work back to it until they end
    service_fixture parts_;
    const thread_stopper stopper_{threads_};
    const scratch_folder folder_;
    rpc_server server_{parts_.service, threads_, "unix:" + (folder_ / "rpc.sock").string()};
    rpc_client client_{{server_.address()}};
    userinfo_service& service_ =
        GetParam() == form::in_process ? static_cast<userinfo_service&>(parts_.service) : client_.userinfo;
};

INSTANTIATE_TEST_SUITE_P(, userinfo_service_contract, testing::Values(form::in_process, form::over_grpc),
                         [](const auto& info) { return info.param == form::in_process ? "in_process" : "over_grpc"; });

TEST_P(userinfo_service_contract, a_person_registers_logs_in_and_shows_a_profile) {
    const auto grant = register_and_log_in("Anna@Example.org");
    const auto account = ask(get_account(), grant.access_token).value();
    EXPECT_EQ(account.email, "Anna@Example.org");
    const profile_input input{.username = "Anna", .birthday = "2000-01-01", .avatar = {}};
    EXPECT_EQ(ask(create_profile{input}, grant.access_token).value().account, account.id);
    const auto shown = ask(get_profile(), grant.access_token).value();
    EXPECT_EQ(shown.profile->value->username, "Anna");
    EXPECT_EQ(shown.profile->value->email, "Anna@Example.org");
    ASSERT_TRUE(ask(delete_profile{.condition = {.if_versions = {1}}}, grant.access_token));
    EXPECT_EQ(failure_of(ask(get_profile(), grant.access_token)), errc::not_found);
}

TEST_P(userinfo_service_contract, tells_back_ends_who_is_calling) {
    ASSERT_TRUE(ask(register_account{.email = "Anna@B\u00fccher.example", .password = secret_string(good_password)}));
    const auto grant = ask(log_in{.email = "Anna@B\u00fccher.example",
                                  .password = secret_string(good_password),
                                  .transport = transport::cookie})
                           .value();
    const auto owner = parts_.owner_of(grant);
    const auto by_access_token = ask(check_session{}, grant.access_token).value();
    EXPECT_EQ(by_access_token.account, owner.account);
    EXPECT_EQ(by_access_token.session, owner.session);
    EXPECT_EQ(by_access_token.auth_time, owner.auth_time);
    EXPECT_EQ(by_access_token.email, "");
    EXPECT_EQ(ask(check_session{.refresh_token = {}, .with_email = true}, grant.access_token)->email,
              "Anna@xn--bcher-kva.example");
    const profile_input input{.username = "Anna", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(ask(create_profile{input}, grant.access_token));
    EXPECT_EQ(ask(check_session{.refresh_token = {}, .with_email = true}, grant.access_token)->email,
              "Anna@xn--bcher-kva.example");

    EXPECT_EQ(ask(check_session{.refresh_token = grant.refresh_token})->account, owner.account);
    parts_.clock.advance(15min);
    EXPECT_EQ(ask(check_session{.refresh_token = grant.refresh_token}, grant.access_token)->session, owner.session);
    EXPECT_EQ(failure_of(ask(check_session{.refresh_token = grant.refresh_token}, "no token")), errc::invalid_token)
        << "as the gateway renews";
    parts_.clock.advance(1h);
    EXPECT_EQ(failure_of(ask(check_session{.refresh_token = grant.refresh_token})), errc::token_expired);
    EXPECT_TRUE(parts_.refresh(grant)) << "it is not spent";
}

TEST_P(userinfo_service_contract, nothing_of_a_user_is_done_without_a_token_that_passes) {
    const auto grant = register_and_log_in(anna);
    const auto ended = log_in_as(anna);
    ASSERT_TRUE(ask(log_out(), ended.access_token));
    auto forged = grant.access_token;
    forged[forged.rfind('.') + 10] ^= 1;
    for (const auto& token : {std::string(), forged, ended.access_token}) {
        for (const auto& failed : failures_of_all_that_need_a_session(token)) EXPECT_EQ(failed, errc::invalid_token);
    }
    EXPECT_TRUE(parts_.is_accepted(grant));
    parts_.clock.advance(15min);
    for (const auto& failed : failures_of_all_that_need_a_session(grant.access_token)) {
        EXPECT_EQ(failed, errc::token_expired);
    }
    EXPECT_TRUE(parts_.try_log_in(anna));
}

TEST_P(userinfo_service_contract, a_token_reaches_its_own_account_only) {
    const auto annas = register_and_log_in(anna);
    const auto bertas = register_and_log_in(berta);
    const auto bertas_session = parts_.owner_of(bertas).session.to_string();
    EXPECT_EQ(failure_of(ask(end_session{bertas_session}, annas.access_token)), errc::not_found);
    EXPECT_EQ(failure_of(ask(end_session{"no id"}, annas.access_token)), errc::not_found);
    EXPECT_TRUE(ask(end_other_sessions(), annas.access_token));
    EXPECT_TRUE(parts_.is_accepted(bertas));
    EXPECT_EQ(ask(list_sessions(), annas.access_token).value().size(), 1u);
    ASSERT_TRUE(ask(delete_account{secret_string(good_password)}, annas.access_token));
    EXPECT_TRUE(parts_.is_accepted(bertas));
}

TEST_P(userinfo_service_contract, a_known_device_gets_in_while_strangers_wait) {
    const auto first = register_and_log_in(anna);
    const auto try_with = [&](const std::string& password, const std::string& device) {
        return ask(log_in{
            .email = anna, .password = secret_string(password), .transport = transport::bearer, .device = device});
    };
    for (int i = 0; i < 6; ++i) EXPECT_EQ(failure_of(try_with("a wrong phrase", "")), errc::wrong_credentials);
    EXPECT_EQ(failure_of(try_with(good_password, "")), errc::too_many_attempts);
    EXPECT_EQ(failure_of(ask(reauthenticate{secret_string(good_password)}, first.access_token)),
              errc::too_many_attempts);
    EXPECT_TRUE(
        ask(reauthenticate{.password = secret_string(good_password), .device = first.device}, first.access_token));
    const auto second = try_with(good_password, first.device);
    ASSERT_TRUE(second);
    EXPECT_NE(second->device, first.device);
    EXPECT_EQ(failure_of(ask(change_password{secret_string(good_password), secret_string("a newer phrase")},
                             second->access_token)),
              errc::too_many_attempts);
    const auto changed = ask(change_password{.current_password = secret_string(good_password),
                                             .new_password = secret_string("a newer phrase"),
                                             .device = second->device},
                             second->access_token);
    ASSERT_TRUE(changed);
    EXPECT_TRUE(ask(delete_account{.password = secret_string("a newer phrase"), .device = second->device},
                    changed->access_token));
}

TEST_P(userinfo_service_contract, lists_devices_and_forgets_one) {
    const auto other = register_and_log_in(anna);
    const auto own = log_in_as(anna);
    const auto bertas = register_and_log_in(berta);
    const auto views = ask(list_devices{own.device}, own.access_token).value();
    ASSERT_EQ(views.size(), 2u);
    EXPECT_EQ(views[0].current + views[1].current, 1);
    EXPECT_EQ(views[0].name, "a browser");
    EXPECT_EQ(views[0].created_at, parts_.clock.now());
    EXPECT_EQ(views[0].last_used_at, parts_.clock.now());
    const auto id = views[0].id.to_string();
    EXPECT_EQ(failure_of(ask(forget_device{id}, bertas.access_token)), errc::not_found);
    EXPECT_EQ(failure_of(ask(forget_device{"no id"}, own.access_token)), errc::not_found);
    EXPECT_TRUE(ask(forget_device{id}, own.access_token));
    EXPECT_EQ(ask(list_devices(), own.access_token).value().size(), 1u);
    EXPECT_TRUE(parts_.is_accepted(other)) << "its session goes on";
}

TEST_P(userinfo_service_contract, a_device_is_forgotten_after_a_recent_log_in_only) {
    const auto own = register_and_log_in(anna);
    const auto id = ask(list_devices(), own.access_token).value().at(0).id.to_string();
    parts_.clock.advance(1h + 1s);
    const auto later = parts_.refresh(own).value();
    EXPECT_EQ(failure_of(ask(forget_device{id}, later.access_token)), errc::reauthentication_required);
}

TEST_P(userinfo_service_contract, lists_sessions_and_marks_the_one_that_asks) {
    const auto other = register_and_log_in(anna);
    const auto own = log_in_as(anna);
    const auto views = ask(list_sessions(), own.access_token).value();
    ASSERT_EQ(views.size(), 2u);
    for (const auto& view : views) EXPECT_EQ(view.current, view.id == parts_.owner_of(own).session);
    const auto id = parts_.owner_of(other).session.to_string();
    EXPECT_TRUE(ask(end_session{id}, own.access_token));
    EXPECT_FALSE(parts_.is_accepted(other));
}

TEST_P(userinfo_service_contract, renews_tokens_of_the_same_transport) {
    const auto grant = register_and_log_in(anna);
    EXPECT_EQ(failure_of(ask(refresh{grant.refresh_token, transport::cookie})), errc::invalid_token);
    const auto next = ask(refresh{grant.refresh_token, transport::bearer});
    ASSERT_TRUE(next);
    EXPECT_TRUE(parts_.is_accepted(*next));
}

TEST_P(userinfo_service_contract, a_password_change_and_a_removal_hold_at_once) {
    const auto grant = register_and_log_in(anna);
    const auto next =
        ask(change_password{secret_string(good_password), secret_string("a newer phrase")}, grant.access_token);
    ASSERT_TRUE(next);
    EXPECT_FALSE(parts_.is_accepted(grant));
    ASSERT_TRUE(ask(delete_account{secret_string("a newer phrase")}, next->access_token));
    EXPECT_FALSE(parts_.is_accepted(*next));
    EXPECT_TRUE(ask(register_account{anna, secret_string(good_password)}));
}

TEST_P(userinfo_service_contract, what_was_seen_of_another_account_forces_no_look_at_the_database) {
    const auto grant = register_and_log_in(anna);
    const auto owner = parts_.owner_of(grant);
    const profile_input input{.username = "Anna", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(ask(create_profile{input}, grant.access_token));
    const profile_changes renamed{.username = "Berta", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(run(parts_.store.profiles.update(owner.account, renamed, {}, parts_.clock.now())));
    const auto username_seen_by = [&](const uuid& account) {
        return ask(get_profile{{seen_version{.account = account, .version = 2}}}, grant.access_token)
            .value()
            .profile->value->username;
    };
    EXPECT_EQ(username_seen_by(uuid::random()), "Anna");
    EXPECT_EQ(username_seen_by(owner.account), "Berta");
}

TEST_P(userinfo_service_contract, of_what_was_seen_the_highest_version_of_the_callers_account_counts) {
    const auto grant = register_and_log_in(anna);
    const auto account = parts_.owner_of(grant).account;
    const profile_input input{.username = "Anna", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(ask(create_profile{input}, grant.access_token));
    std::uint64_t latest = 1;
    for (const auto& [owner, version] : {std::pair(account, 1), std::pair(uuid::random(), 99)}) {
        for (const bool highest_first : {true, false}) {
            // Written beside the cache.
            const profile_changes renamed{.username = "Berta", .birthday = {}, .avatar = {}};
            ASSERT_TRUE(run(parts_.store.profiles.update(account, renamed, {}, parts_.clock.now())));
            ++latest;
            const seen_version highest{.account = account, .version = latest};
            const seen_version other{.account = owner, .version = static_cast<std::uint64_t>(version)};
            const get_profile asked{highest_first ? seen_versions{highest, other} : seen_versions{other, highest}};
            EXPECT_EQ(ask(asked, grant.access_token).value().profile->version, latest);
        }
    }
}

TEST_P(userinfo_service_contract, a_new_proof_renews_the_access_token_alone) {
    const auto grant = register_and_log_in(anna);
    parts_.clock.advance(10min);
    const auto renewed = ask(reauthenticate{secret_string(good_password)}, grant.access_token).value();
    EXPECT_TRUE(renewed.refresh_token.empty());
    EXPECT_EQ(parts_.owner_of(renewed).auth_time - parts_.owner_of(grant).auth_time, 10min);
    EXPECT_EQ(failure_of(ask(reauthenticate{secret_string("a wrong one")}, grant.access_token)), errc::wrong_password);
}

TEST_P(userinfo_service_contract, says_which_input_is_wrong_with_whatever_bytes) {
    const auto refused = ask(register_account{anna, secret_string("\xff\xfe not UTF-8")});
    ASSERT_EQ(failure_of(refused), errc::invalid_argument);
    EXPECT_EQ(refused.error().field, "password");
    EXPECT_EQ(refused.error().reason, "not_utf8");
    EXPECT_FALSE(refused.error().message.empty());
    EXPECT_EQ(failure_of(ask(refresh{"\xff", transport::bearer})), errc::invalid_token);
    EXPECT_EQ(failure_of(ask(get_account(), "no \xff token")), errc::invalid_token);
}

TEST_P(userinfo_service_contract, says_how_long_to_wait) {
    register_and_log_in(anna);
    result<token_grant> outcome;
    for (int i = 0; i < 7; ++i) outcome = ask(log_in{.email = anna, .password = secret_string("a wrong phrase")});
    ASSERT_EQ(failure_of(outcome), errc::too_many_attempts);
    EXPECT_EQ(outcome.error().retry_after, 1s);
}

TEST_P(userinfo_service_contract, an_old_proof_is_not_enough_to_end_sessions) {
    const auto grant = register_and_log_in(anna);
    parts_.clock.advance(61min);
    const auto later = ask(refresh{grant.refresh_token, transport::bearer}).value();
    const auto refused = ask(end_other_sessions(), later.access_token);
    ASSERT_EQ(failure_of(refused), errc::reauthentication_required);
    EXPECT_EQ(refused.error().greatest_age, 1h);
}

TEST_P(userinfo_service_contract, tells_whose_token_it_was) {
    const auto grant = register_and_log_in(anna);
    auto call = parts_.request(grant.access_token);
    ASSERT_TRUE(run(service_.perform(call, get_account())));
    EXPECT_EQ(call.account, parts_.owner_of(grant).account);
    parts_.clock.advance(15min);
    call.account.reset();
    EXPECT_EQ(failure_of(run(service_.perform(call, get_account()))), errc::token_expired);
}

TEST_P(userinfo_service_contract, shows_versions_and_keeps_to_them) {
    const auto grant = register_and_log_in(anna);
    const profile_input input{.username = "Anna", .birthday = "2000-02-29", .avatar = "https://example.org/a.png"};
    EXPECT_EQ(ask(create_profile{input}, grant.access_token).value().profile->version, 1u);
    EXPECT_EQ(failure_of(ask(create_profile{input}, grant.access_token)), errc::already_exists);
    const profile_input cleared{.username = {}, .birthday = "", .avatar = {}};
    const auto updated =
        ask(update_profile{.input = cleared, .condition = {.if_versions = {1}}}, grant.access_token).value();
    EXPECT_EQ(updated.profile->version, 2u);
    EXPECT_FALSE(updated.profile->value->birthday);
    EXPECT_EQ(updated.profile->value->avatar, "https://example.org/a.png");
    EXPECT_EQ(failure_of(ask(update_profile{.input = input, .condition = {.if_versions = {1}}}, grant.access_token)),
              errc::version_mismatch);
    const auto deleted = ask(delete_profile(), grant.access_token).value();
    EXPECT_EQ(deleted.profile->version, 3u);
    EXPECT_FALSE(deleted.profile->value);
}

TEST_P(userinfo_service_contract, a_write_is_for_any_of_the_versions_that_it_names) {
    const auto grant = register_and_log_in(anna);
    const profile_input input{.username = "Anna", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(ask(create_profile{input}, grant.access_token));
    const write_condition others{.if_versions = {0, 2, 9}};
    EXPECT_EQ(failure_of(ask(update_profile{input, others}, grant.access_token)), errc::version_mismatch);
    EXPECT_EQ(failure_of(ask(delete_profile{others}, grant.access_token)), errc::version_mismatch);
    const auto one_of = [](std::vector<std::uint64_t> versions) { return write_condition{.if_versions = versions}; };
    EXPECT_EQ(ask(update_profile{input, one_of({9, 1, 0})}, grant.access_token).value().profile->version, 2u);
    EXPECT_EQ(ask(delete_profile{one_of({9, 2, 0})}, grant.access_token).value().profile->version, 3u);
}

TEST_P(userinfo_service_contract, a_write_is_for_none_of_the_versions_that_it_rules_out) {
    const auto grant = register_and_log_in(anna);
    const profile_input input{.username = "Anna", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(ask(create_profile{input}, grant.access_token));
    const auto none_of = [](std::vector<std::uint64_t> versions) {
        return write_condition{.unless_versions = versions};
    };
    EXPECT_EQ(failure_of(ask(update_profile{input, none_of({9, 1})}, grant.access_token)), errc::version_mismatch);
    EXPECT_EQ(failure_of(ask(delete_profile{none_of({1})}, grant.access_token)), errc::version_mismatch);
    EXPECT_EQ(ask(update_profile{input, none_of({0, 2})}, grant.access_token).value().profile->version, 2u);
    EXPECT_EQ(ask(delete_profile{none_of({1, 3})}, grant.access_token).value().profile->version, 3u);
}

TEST_P(userinfo_service_contract, a_session_shows_where_it_is_used) {
    const auto grant = register_and_log_in(anna);
    const auto view = ask(list_sessions(), grant.access_token).value().at(0);
    EXPECT_EQ(view.device, "a browser");
    EXPECT_EQ(view.address, "192.0.2.1");
    EXPECT_EQ(view.transport, transport::bearer);
    EXPECT_EQ(view.created_at, parts_.clock.now());
    EXPECT_EQ(view.expires_at(), parts_.clock.now() + 14 * 24h);
}

TEST_P(userinfo_service_contract, publishes_the_key_that_signs) {
    const auto published = ask(get_public_keys()).value();
    EXPECT_NE(published.find(parts_.published.current()->signing_key().kid), std::string::npos);
    EXPECT_EQ(published.find("\"d\""), std::string::npos);
}

TEST_P(userinfo_service_contract, tells_the_limits_of_what_people_type) {
    const auto limits = ask(get_page_settings()).value();
    EXPECT_EQ(limits.shortest_password, 8u);
    EXPECT_EQ(limits.shortest_first_password, 8u);
    EXPECT_EQ(limits.longest_password, longest_password);
    EXPECT_EQ(limits.longest_username, longest_username);
    EXPECT_EQ(limits.earliest_birthday, earliest_birthday);
}

}  // namespace
}  // namespace userinfo
