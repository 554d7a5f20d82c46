// Accounts, identifiers and credentials in an SQL database.
#pragma once

#include "account/account_store.h"
#include "storage/sql/database.h"

namespace userinfo::sql {

class sql_account_store final : public account_store {
public:
    sql_account_store(database& database, const clock& clock) : database_(database), clock_(clock) {}

    task<result<void>> create(const new_account& account, const audit_event& audit) override;
    task<result<std::optional<account>>> find(uuid id) override;
    task<result<std::optional<account>>> find_by_identifier(const std::string& identifier_key) override;
    task<result<std::optional<password_record>>> find_password(const std::string& identifier_key,
                                                               const device_proofs& shown) override;
    task<result<std::optional<password_record>>> find_password(uuid account, const device_proofs& shown) override;
    task<result<std::vector<account>>> list(uuid after, std::size_t limit) override;
    task<result<hash_kinds>> list_hash_kinds(std::uint64_t after, std::size_t limit) override;
    task<result<void>> replace_hash(uuid account, const std::string& old_hash, const std::string& new_hash) override;
    task<result<session_ids>> change_password(const password_change& change, const audit_event& audit) override;
    task<result<session_ids>> remove(uuid account, const std::optional<principal>& by,
                                     const audit_event& audit) override;
    task<result<session_ids>> set_status(uuid account, account_status status, const audit_event& audit) override;
    task<result<void>> record(const audit_event& audit) override;

private:
    database& database_;
    const clock& clock_;
};

}  // namespace userinfo::sql
