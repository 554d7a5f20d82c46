#include "storage/sql/connection.h"

#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

[[noreturn]] void wrong_type(std::size_t column, const char* expected) {
    throw driver_error("column " + std::to_string(column) + " of an answer is not " + expected, failure_kind::bug);
}

}  // namespace

std::int64_t row::integer(std::size_t column) const {
    const auto* number = std::get_if<std::int64_t>(&cells_.at(column));
    if (number == nullptr) wrong_type(column, "a number");
    return *number;
}

const std::string& row::text(std::size_t column) const {
    const auto* text = std::get_if<std::string>(&cells_.at(column));
    if (text == nullptr) wrong_type(column, "text");
    return *text;
}

std::string row::text_or(std::size_t column, std::string fallback) const {
    if (is_null(column)) return fallback;
    return text(column);
}

uuid row::id(std::size_t column) const {
    const auto id = uuid::from_bytes(text(column));
    if (!id) wrong_type(column, "a UUID");
    return *id;
}

std::optional<timestamp> row::optional_time(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

std::optional<row> connection::query_one(statement sql, parameters values) {
    auto rows = query(sql, values);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

}  // namespace userinfo::sql
