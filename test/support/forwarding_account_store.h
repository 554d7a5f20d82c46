// An account store that forwards to another one. A base class for stores that inject events at the worst moment.
#pragma once

#include "account/account_store.h"

namespace userinfo::test {

class forwarding_account_store : public account_store {
public:
    explicit forwarding_account_store(account_store& next) : next_(next) {}

    task<result<void>> create(const new_account& account, const audit_event& audit) override {
        return next_.create(account, audit);
    }
    task<result<std::optional<account>>> find(uuid id) override { return next_.find(id); }
    task<result<std::optional<account>>> find_by_identifier(const std::string& identifier_key) override {
        return next_.find_by_identifier(identifier_key);
    }
    task<result<std::optional<password_record>>> find_password(const std::string& identifier_key,
                                                               const device_proofs& shown) override {
        return next_.find_password(identifier_key, shown);
    }
    task<result<std::optional<password_record>>> find_password(uuid account, const device_proofs& shown) override {
        return next_.find_password(account, shown);
    }
    task<result<std::vector<account>>> list(uuid after, std::size_t limit) override { return next_.list(after, limit); }
    task<result<hash_kinds>> list_hash_kinds(std::uint64_t after, std::size_t limit) override {
        return next_.list_hash_kinds(after, limit);
    }
    task<result<void>> replace_hash(uuid account, const std::string& old_hash, const std::string& new_hash) override {
        return next_.replace_hash(account, old_hash, new_hash);
    }
    task<result<session_ids>> change_password(const password_change& change, const audit_event& audit) override {
        return next_.change_password(change, audit);
    }
    task<result<session_ids>> remove(uuid account, const std::optional<principal>& by,
                                     const audit_event& audit) override {
        return next_.remove(account, by, audit);
    }
    task<result<session_ids>> set_status(uuid account, account_status status, const audit_event& audit) override {
        return next_.set_status(account, status, audit);
    }
    task<result<void>> record(const audit_event& audit) override { return next_.record(audit); }

private:
    account_store& next_;
};

}  // namespace userinfo::test
