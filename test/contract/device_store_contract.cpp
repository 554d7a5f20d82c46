#include <algorithm>

#include "contract/stores.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

class device_store_contract : public store_contract {
protected:
    // The proof that a log-in gives which shows `shown`.
    device_proof log_in_from(std::optional<device_proof> shown, const uuid& account, std::string name = "a browser") {
        auto use = new_device();
        use.shown = shown;
        use.name = std::move(name);
        const auto opening =
            run(sessions_.open(new_session(account), password_version(account), 50, use, audit(audit_type::log_in)));
        EXPECT_TRUE(opening) << opening.error().message;
        return opening->device;
    }

    std::vector<device> devices_of(const uuid& account) { return run(devices_.list(account)).value(); }

    std::optional<uuid> found_by_email(const device_proofs& shown) {
        return run(accounts_.find_password("a@example.org", shown)).value().value().device;
    }

    std::optional<uuid> found_by_id(const device_proofs& shown) {
        return run(accounts_.find_password(account_, shown)).value().value().device;
    }

    const uuid account_ = register_account("a@example.org");
    const uuid other_ = register_account("b@example.org");
};

TEST_P(device_store_contract, a_log_in_makes_a_device) {
    const auto proof = log_in_from({}, account_, "a \"browser\" \xf0\x9f\xa6\x8a");
    EXPECT_EQ(proof.account, account_);
    EXPECT_EQ(proof.generation, 1U);
    const std::vector expected{device{.id = proof.device,
                                      .generation = 1,
                                      .name = "a \"browser\" \xf0\x9f\xa6\x8a",
                                      .created_at = clock_.now(),
                                      .last_used_at = clock_.now()}};
    EXPECT_EQ(devices_of(account_), expected);
    EXPECT_TRUE(devices_of(other_).empty());
    EXPECT_TRUE(devices_of(uuid::random()).empty());
}

TEST_P(device_store_contract, the_next_log_in_raises_its_generation) {
    const auto begin = clock_.now();
    const auto first = log_in_from({}, account_);
    clock_.advance(1h);
    const auto second = log_in_from(first, account_, "a newer browser");
    EXPECT_EQ(second, (device_proof{.account = account_, .device = first.device, .generation = 2}));
    const std::vector expected{device{.id = first.device,
                                      .generation = 2,
                                      .name = "a newer browser",
                                      .created_at = begin,
                                      .last_used_at = clock_.now()}};
    EXPECT_EQ(devices_of(account_), expected);
}

TEST_P(device_store_contract, an_older_generation_makes_another_device) {
    const auto first = log_in_from({}, account_);
    const auto second = log_in_from(first, account_);
    const auto third = log_in_from(first, account_);
    EXPECT_NE(third.device, first.device);
    EXPECT_EQ(third.generation, 1U);
    EXPECT_EQ(devices_of(account_).size(), 2U);
    EXPECT_EQ(found_by_email({second}), second.device) << "the other one goes on";
    EXPECT_EQ(found_by_email({third}), third.device);
}

TEST_P(device_store_contract, a_log_in_that_fails_changes_no_device) {
    const auto proof = log_in_from({}, account_);
    auto use = new_device();
    use.shown = proof;
    const auto version = password_version(account_) + 1;
    EXPECT_FALSE(run(sessions_.open(new_session(account_), version, 50, use, audit(audit_type::log_in))));
    EXPECT_EQ(devices_of(account_).size(), 1U);
    EXPECT_EQ(found_by_email({proof}), proof.device);
}

TEST_P(device_store_contract, the_twenty_first_replaces_the_one_that_was_unused_for_longest) {
    std::vector<device_proof> proofs;
    for (int i = 0; i < 20; ++i) {
        proofs.push_back(log_in_from({}, account_));
        clock_.advance(1s);
    }
    proofs[0] = log_in_from(proofs[0], account_);
    log_in_from({}, account_);
    EXPECT_EQ(devices_of(account_).size(), 20U);
    EXPECT_EQ(found_by_email({proofs[0]}), proofs[0].device);
    EXPECT_EQ(found_by_email({proofs[1]}), std::nullopt);
    EXPECT_EQ(found_by_email({proofs[2]}), proofs[2].device);
}

TEST_P(device_store_contract, log_ins_at_once_use_a_generation_once) {
    const auto proof = log_in_from({}, account_);
    std::vector<session> sessions;
    std::vector<device_use> uses;
    for (int i = 0; i < 8; ++i) {
        sessions.push_back(new_session(account_));
        uses.push_back(new_device());
        uses.back().shown = proof;
    }
    const auto event = audit(audit_type::log_in);
    const auto version = password_version(account_);
    std::vector<task<result<session_opening>>> openings;
    for (std::size_t i = 0; i < uses.size(); ++i) {
        openings.push_back(sessions_.open(sessions[i], version, 50, uses[i], event));
    }
    const auto opened = run_together(std::move(openings));
    EXPECT_EQ(std::ranges::count_if(opened, [&](const auto& each) { return each->device.device == proof.device; }), 1);
    EXPECT_EQ(devices_of(account_).size(), 8U);
}

TEST_P(device_store_contract, the_password_is_found_with_the_device_that_was_shown) {
    const auto proof = log_in_from({}, account_);
    const auto foreign = log_in_from({}, other_);
    EXPECT_EQ(found_by_email({}), std::nullopt);
    EXPECT_EQ(found_by_id({}), std::nullopt);
    for (const auto& shown : {device_proofs{proof}, device_proofs{foreign, proof}, device_proofs{proof, foreign}}) {
        EXPECT_EQ(found_by_email(shown), proof.device);
        EXPECT_EQ(found_by_id(shown), proof.device);
    }
    auto misnamed = foreign;
    misnamed.account = account_;
    auto older = proof;
    --older.generation;
    const device_proof unknown{.account = account_, .device = uuid::random(), .generation = 1};
    for (const auto& shown :
         {device_proofs{foreign}, device_proofs{misnamed}, device_proofs{older}, device_proofs{unknown},
          device_proofs{device_proof{.account = account_, .device = {}, .generation = 1}}}) {
        EXPECT_EQ(found_by_email(shown), std::nullopt);
        EXPECT_EQ(found_by_id(shown), std::nullopt);
    }
    EXPECT_FALSE(run(accounts_.find_password("c@example.org", {proof})).value());
}

TEST_P(device_store_contract, a_device_is_found_among_as_many_as_a_client_has) {
    device_proofs shown;
    for (std::size_t i = 1; i < devices_per_client; ++i) {
        shown.push_back({.account = uuid::random(), .device = uuid::random(), .generation = 1});
    }
    shown.push_back(log_in_from({}, account_));
    EXPECT_EQ(found_by_email(shown), shown.back().device);
    EXPECT_EQ(found_by_id(shown), shown.back().device);
}

TEST_P(device_store_contract, a_device_that_was_unused_for_four_hundred_days_is_unknown) {
    const auto proof = log_in_from({}, account_);
    clock_.advance(24h * 400);
    EXPECT_EQ(found_by_email({proof}), std::nullopt);
    EXPECT_EQ(found_by_id({proof}), std::nullopt);
}

TEST_P(device_store_contract, lists_the_latest_used_first) {
    const auto first = log_in_from({}, account_);
    clock_.advance(1s);
    const auto second = log_in_from({}, account_);
    EXPECT_EQ(devices_of(account_).front().id, second.device);
    clock_.advance(1s);
    log_in_from(first, account_);
    EXPECT_EQ(devices_of(account_).front().id, first.device);
}

TEST_P(device_store_contract, forgets_a_device_of_the_callers_account_alone) {
    const auto by = log_in(account_);
    const auto proof = log_in_from({}, account_);
    const auto foreign = log_in_from({}, other_);
    const auto forget = [&](const principal& caller, const uuid& id) {
        return code_of(run(devices_.forget(caller, id, audit(audit_type::device_forget))));
    };
    EXPECT_EQ(forget(by, foreign.device), errc::not_found);
    EXPECT_EQ(forget(by, uuid::random()), errc::not_found);
    EXPECT_EQ(stores_->count_audits(audit_type::device_forget), 0U);
    EXPECT_EQ(forget(by, proof.device), std::nullopt);
    EXPECT_EQ(found_by_email({proof}), std::nullopt);
    EXPECT_EQ(forget(by, proof.device), errc::not_found);
    EXPECT_EQ(stores_->count_audits(audit_type::device_forget), 1U);
    EXPECT_EQ(devices_of(other_).size(), 1U);
}

TEST_P(device_store_contract, a_caller_whose_session_has_ended_forgets_none) {
    const auto by = log_in(account_);
    const auto proof = log_in_from({}, account_);
    ASSERT_TRUE(run(sessions_.end(account_, by.session, end_reason::log_out, audit(audit_type::log_out))).value());
    EXPECT_EQ(code_of(run(devices_.forget(by, proof.device, audit(audit_type::device_forget)))), errc::invalid_token);
    EXPECT_EQ(found_by_email({proof}), proof.device);
}

TEST_P(device_store_contract, a_deleted_account_has_no_devices_and_another_one_keeps_its_own) {
    log_in_from({}, account_, "a rare browser");
    log_in_from({}, other_);
    EXPECT_GT(stores_->count_mentions("a rare browser"), 0U);
    ASSERT_TRUE(run(accounts_.remove(account_, std::nullopt, audit(audit_type::delete_account))));
    EXPECT_TRUE(devices_of(account_).empty());
    EXPECT_EQ(stores_->count_mentions("a rare browser"), 0U);
    EXPECT_EQ(devices_of(other_).size(), 1U);
}

TEST_P(device_store_contract, a_changed_password_keeps_the_devices) {
    const auto by = log_in(account_);
    const auto proof = log_in_from({}, account_);
    const password_change change{.by = by,
                                 .verified_version = password_version(account_),
                                 .password_hash = "hash-2",
                                 .successor = new_session(account_)};
    ASSERT_TRUE(run(accounts_.change_password(change, audit(audit_type::password_change))));
    EXPECT_EQ(found_by_email({proof}), proof.device);
}

TEST_P(device_store_contract, purges_what_was_unused_for_long) {
    const auto unused = log_in_from({}, account_);
    const auto used = log_in_from({}, account_);
    clock_.advance(1h);
    const auto again = log_in_from(used, account_);
    EXPECT_TRUE(run(devices_.purge(clock_.now())));
    const auto left = devices_of(account_);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].id, again.device);
    EXPECT_EQ(found_by_email({unused}), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(, device_store_contract, testing::ValuesIn(all_stores()), name_of);

}  // namespace

}  // namespace userinfo::test
