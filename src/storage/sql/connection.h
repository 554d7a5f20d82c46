// A thin statement interface over a connection to an SQL database. The stores are written once against it and work with
// SQLite and MariaDB.
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

// The text of a statement. It is always a string literal that contains no values, and is prepared once per connection.
//
// Syntax that only MySQL needs goes into a comment that only MySQL executes: `SELECT … /*! FOR UPDATE */` locks the
// rows it reads. In SQLite, a write transaction has no concurrent writers anyway.
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

// A value for a `?`. It holds a view: the original must live until the statement has run.
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

// One column of a row: NULL, a number, or text or bytes.
using cell = std::variant<std::monostate, std::int64_t, std::string>;

// A copied row of a result. The getters throw driver_error if `column` has another type.
class row {
public:
    explicit row(std::vector<cell> cells) : cells_(std::move(cells)) {}

    bool is_null(std::size_t column) const { return std::holds_alternative<std::monostate>(cells_.at(column)); }
    std::int64_t integer(std::size_t column) const;
    std::uint64_t count(std::size_t column) const { return static_cast<std::uint64_t>(integer(column)); }
    const std::string& text(std::size_t column) const;  // also for bytes
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

// A connection inside a transaction that the database started. Used by one thread at a time. Throws
// constraint_violation and driver_error (sql/errors.h), which the database turns into errors.
class connection {
public:
    virtual ~connection() = default;

    // Returns the number of rows inserted or deleted. For an UPDATE, returns the number of rows matched.
    std::uint64_t execute(statement sql, parameters values = {}) { return do_execute(sql, values); }

    std::vector<row> query(statement sql, parameters values = {}) { return do_query(sql, values); }

    // Returns the first row, or nothing.
    std::optional<row> query_one(statement sql, parameters values = {});

    // The id that the last INSERT generated.
    virtual std::int64_t last_insert_id() = 0;

private:
    virtual std::uint64_t do_execute(statement sql, parameters values) = 0;
    virtual std::vector<row> do_query(statement sql, parameters values) = 0;
};

}  // namespace userinfo::sql
