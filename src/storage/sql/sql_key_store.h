// The program's sealed keys in an SQL database.
#pragma once

#include "keys/key_store.h"
#include "storage/sql/database.h"
#include "storage/sql/kept_answer.h"

namespace userinfo::sql {

class sql_key_store final : public key_store {
public:
    explicit sql_key_store(database& database) : database_(database) {}

    task<result<std::vector<stored_key>>> list() override;
    task<result<std::vector<stored_key>>> list_live() override;
    task<result<void>> add(const std::vector<stored_key>& keys, const key_step& step) override;
    task<result<bool>> activate(const std::string& kid, timestamp verify_until, const key_step& step) override;
    task<result<bool>> destroy(const std::string& kid, const key_step& step) override;
    task<result<bool>> revoke(const std::string& kid, const stored_key& successor, const key_step& step) override;
    task<result<void>> reseal(const std::vector<resealed_key>& keys, const std::string& sealing_key_id,
                              const key_step& step) override;

private:
    database& database_;
    kept_answer<std::vector<stored_key>> live_;
};

}  // namespace userinfo::sql
