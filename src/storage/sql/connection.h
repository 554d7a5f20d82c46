// Statements on one connection to an SQL database, as thin as possible: the stores are written once over it, for SQLite
// now and MariaDB/MySQL later.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"

namespace userinfo::sql {

// The text of a statement, a literal always: it is prepared once for each connection, and never holds a value.
//
// Where MySQL wants more than SQLite, it stands in a comment that only MySQL executes: `SELECT … /*! FOR UPDATE */`
// locks what it reads (in SQLite a writing transaction is alone anyway).
class statement {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is a statement
    consteval statement(const char* text) : text_(text) {}

    const char* text() const { return text_; }

private:
    const char* text_;
};

struct blob {
    std::string_view bytes;
};

// A value for a `?`. Holds views: whatever it was made of must live until the statement has run.
class parameter {
public:
    using value_type = std::variant<std::nullptr_t, std::int64_t, std::string_view, blob>;

    // NOLINTBEGIN(google-explicit-constructor): statements take values as they are
    parameter(std::nullptr_t) : value_(nullptr) {}
    parameter(std::integral auto number) : value_(static_cast<std::int64_t>(number)) {}
    parameter(const char* text) : value_(std::string_view(text)) {}
    parameter(std::string_view text) : value_(text) {}
    parameter(const std::string& text) : value_(std::string_view(text)) {}
    parameter(blob bytes) : value_(bytes) {}
    parameter(const uuid& id) : value_(blob{id.view()}) {}
    parameter(timestamp time) : value_(std::int64_t{time.time_since_epoch().count()}) {}
    template <class Enum>
        requires std::is_enum_v<Enum>
    parameter(Enum named) : parameter(std::to_underlying(named)) {}
    template <class T>
    parameter(const std::optional<T>& maybe) : parameter(maybe ? parameter(*maybe) : parameter(nullptr)) {}
    // NOLINTEND(google-explicit-constructor)

    const value_type& value() const { return value_; }

private:
    value_type value_;
};

using parameters = std::initializer_list<parameter>;

// What a row holds at one place: NULL, a number, or text or bytes.
using cell = std::variant<std::monostate, std::int64_t, std::string>;

// A row of an answer, copied out. The getters throw driver_error if there is something else at `column`.
class row {
public:
    explicit row(std::vector<cell> cells) : cells_(std::move(cells)) {}

    bool is_null(std::size_t column) const { return std::holds_alternative<std::monostate>(cells_.at(column)); }
    std::int64_t integer(std::size_t column) const;
    std::uint64_t count(std::size_t column) const { return static_cast<std::uint64_t>(integer(column)); }
    const std::string& text(std::size_t column) const;  // bytes as well
    std::string text_or(std::size_t column, std::string fallback) const;
    uuid id(std::size_t column) const;
    timestamp time(std::size_t column) const { return timestamp(std::chrono::microseconds(integer(column))); }
    std::optional<timestamp> optional_time(std::size_t column) const;
    template <class Enum>
    Enum as(std::size_t column) const {
        return static_cast<Enum>(integer(column));
    }

private:
    std::vector<cell> cells_;
};

// Used by one thread at a time, inside a transaction that the database began. Throws constraint_violation and
// driver_error (sql/errors.h), which the database turns into values.
class connection {
public:
    virtual ~connection() = default;

    // Returns how many rows it inserted or deleted, or for an UPDATE, how many matched.
    std::uint64_t execute(statement sql, parameters values = {}) { return do_execute(sql, values); }

    std::vector<row> query(statement sql, parameters values = {}) { return do_query(sql, values); }

    // The first row, if there is one.
    std::optional<row> query_one(statement sql, parameters values = {});

    // The id that the last INSERT gave.
    virtual std::int64_t last_insert_id() = 0;

private:
    virtual std::uint64_t do_execute(statement sql, parameters values) = 0;
    virtual std::vector<row> do_query(statement sql, parameters values) = 0;
};

}  // namespace userinfo::sql
