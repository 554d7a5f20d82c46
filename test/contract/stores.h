// What the contract suites run on: an empty database with all stores over it. A new database is one line in
// `all_stores`, in stores.cpp.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "account/account_store.h"
#include "account/device_store.h"
#include "attempts/throttle_store.h"
#include "audit/audit_store.h"
#include "keys/key_store.h"
#include "profile/profile_store.h"
#include "session/session_store.h"
#include "support/manual_clock.h"
#include "support/run_task.h"

namespace userinfo::test {

class stores {
public:
    virtual ~stores() = default;

    virtual account_store& accounts() = 0;
    virtual session_store& sessions() = 0;
    virtual profile_store& profiles() = 0;
    virtual key_store& keys() = 0;
    virtual throttle_store& throttle() = 0;
    virtual device_store& devices() = 0;
    virtual audit_store& audits() = 0;

    // How many rows of the audit of that type there are, and how many rows mention `text` in any table.
    virtual std::size_t count_audits(audit_type type) = 0;
    virtual std::size_t count_mentions(const std::string& text) = 0;

    // Makes the session one that never ended, as if whoever ended the others had not seen it.
    virtual void undo_end(const uuid& session) = 0;
    virtual std::uint64_t session_epoch(const uuid& account) = 0;

    virtual bool has_replica() const { return false; }
    virtual void cut_off_replica() {}
    virtual void reconnect_replica() {}

    manual_clock clock;
};

struct database_kind {
    std::string name;
    std::function<std::unique_ptr<stores>()> make;

    friend std::ostream& operator<<(std::ostream& out, const database_kind& kind) { return out << kind.name; }
};

std::vector<database_kind> all_stores();

inline std::string name_of(const testing::TestParamInfo<database_kind>& info) { return info.param.name; }

// A suite's base: `INSTANTIATE_TEST_SUITE_P(, suite, testing::ValuesIn(all_stores()), name_of)`.
class store_contract : public testing::TestWithParam<database_kind> {
protected:
    // An account with the password hash "hash-1".
    uuid register_account(const std::string& email);

    // A principal with a session that was just opened for the account.
    principal log_in(const uuid& account);

    session new_session(const uuid& account) const;
    device_use new_device() const;  // of a log-in from an unknown device
    new_account account_with(const std::string& email) const;
    audit_event audit(audit_type type) const { return {.type = type, .at = clock_.now()}; }
    bool is_live(const uuid& session);
    std::uint64_t password_version(const uuid& account);

    std::unique_ptr<stores> stores_ = GetParam().make();
    manual_clock& clock_ = stores_->clock;
    account_store& accounts_ = stores_->accounts();
    session_store& sessions_ = stores_->sessions();
    profile_store& profiles_ = stores_->profiles();
    key_store& keys_ = stores_->keys();
    audit_store& audits_ = stores_->audits();
    device_store& devices_ = stores_->devices();
};

template <class T>
std::optional<errc> code_of(const result<T>& outcome) {
    if (outcome) return std::nullopt;
    return outcome.error().code;
}

}  // namespace userinfo::test
