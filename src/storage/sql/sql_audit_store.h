// The audit trail and its chain in an SQL database.
#pragma once

#include "audit/audit_store.h"
#include "storage/sql/database.h"
#include "storage/sql/kept_answer.h"

namespace userinfo::sql {

class sql_audit_store final : public audit_store {
public:
    explicit sql_audit_store(database& database) : database_(database) {}

    task<result<std::vector<stored_audit_event>>> list(audit_filter filter, audit_position after,
                                                       std::size_t limit) override;
    task<result<std::vector<stored_audit_event>>> list_by_id(audit_filter filter, std::int64_t after,
                                                             std::size_t limit) override;
    task<result<std::int64_t>> newest_id() override;
    task<result<bool>> has_news(std::uint64_t head, std::int64_t after) override;
    task<result<audit_chain_ends>> chain_ends(std::uint64_t known) override;
    task<result<audit_chain_page>> chain(std::uint64_t after, std::size_t limit) override;
    task<result<std::vector<stored_audit_event>>> next_unlinked(std::int64_t after, std::size_t limit) override;
    task<result<unlinked_audit_events>> count_unlinked() override;
    task<result<bool>> append(const std::optional<audit_link>& head, const std::vector<audit_link>& links,
                              const std::vector<stored_audit_event>& events) override;
    task<result<bool>> purge(const audit_link& last, const std::string& anchor) override;
    task<result<void>> purge_unlinked(timestamp before) override;
    task<result<void>> drop_addresses(timestamp from, timestamp before) override;

private:
    // The arguments of has_news, when the answer was no.
    struct no_news {
        std::uint64_t head;
        std::int64_t after;

        friend bool operator==(const no_news&, const no_news&) = default;
    };

    database& database_;
    kept_answer<no_news> no_news_;
};

}  // namespace userinfo::sql
