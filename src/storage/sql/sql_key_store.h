// The program's sealed keys in an SQL database.
#pragma once

#include "service/key_store.h"
#include "storage/sql/database.h"

namespace userinfo::sql {

class sql_key_store final : public key_store {
public:
    explicit sql_key_store(database& database) : database_(database) {}

    task<result<std::vector<stored_key>>> list() override;
    task<result<void>> add(const stored_key& key, const audit_event& audit) override;

private:
    database& database_;
};

}  // namespace userinfo::sql
