#include "storage/sql/mysql/mysql_database.h"

#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

// Summarizes the last rows of the polled tables. Ids become visible out of order, so the highest id is not enough. The
// number of rows below it and the XOR of their ids reveal a row that became visible late. No row is later than this
// many others.
constexpr statement tail_of_events =
    "SELECT COALESCE(MAX(id), 0), COUNT(*), BIT_XOR(id) FROM audit_event "
    "WHERE id > (SELECT COALESCE(MAX(id), 0) FROM audit_event) - 10000";
constexpr statement tail_of_revocations =
    "SELECT COALESCE(MAX(id), 0), COUNT(*), BIT_XOR(id) FROM revoked_session "
    "WHERE id > (SELECT COALESCE(MAX(id), 0) FROM revoked_session) - 10000";
constexpr statement end_of_chain = "SELECT COALESCE(MAX(place), 0) FROM audit_chain";

class hash {
public:
    void add(const std::optional<row>& row, std::size_t columns) {
        for (std::size_t i = 0; i < columns; ++i) {
            // FNV-1a on whole numbers, with the high bits folded down, so that a step changes about half of the bits.
            value_ = (value_ ^ row->count(i)) * 0x100000001b3;
            value_ ^= value_ >> 32;
        }
    }

    std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace

task<std::optional<error>> mysql_database::run_write(transaction_body& body) {
    return run(mysql_host::access::write, body);
}

task<std::optional<error>> mysql_database::run_read(transaction_body& body) {
    return run(mysql_host::access::read, body);
}

task<std::optional<error>> mysql_database::run(mysql_host::access access, transaction_body& body) {
    auto* const host = choose_(access);
    if (host == nullptr) co_return storage_unavailable();
    co_return co_await host->run(access, body);
}

task<result<std::uint64_t>> mysql_database::change_counter() {
    return read([](connection& db) -> result<std::uint64_t> {
        hash seen;
        seen.add(db.query_one(tail_of_revocations), 3);
        seen.add(db.query_one(tail_of_events), 3);
        seen.add(db.query_one(end_of_chain), 1);
        return seen.value();
    });
}

}  // namespace userinfo::sql
