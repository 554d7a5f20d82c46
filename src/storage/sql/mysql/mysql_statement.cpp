#include "storage/sql/mysql/mysql_statement.h"

#include <cstring>
#include <new>

#include <mysql.h>

#include "storage/sql/mysql/mysql_errors.h"

namespace userinfo::sql {

namespace {

void bind_bytes(MYSQL_BIND& place, std::string_view bytes, enum_field_types type) {
    place.buffer_type = type;
    // The library only reads the buffer. It takes a null pointer for NULL.
    place.buffer = const_cast<char*>(bytes.data() == nullptr ? "" : bytes.data());
    place.buffer_length = bytes.size();
}

// The result points into `value`.
MYSQL_BIND to_bind(const parameter::value_type& value) {
    MYSQL_BIND place{};
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        place.buffer_type = MYSQL_TYPE_LONGLONG;
        place.buffer = const_cast<std::int64_t*>(number);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        bind_bytes(place, *text, MYSQL_TYPE_STRING);
    } else if (const auto* bytes = std::get_if<blob>(&value)) {
        bind_bytes(place, bytes->bytes, MYSQL_TYPE_BLOB);
    } else {
        place.buffer_type = MYSQL_TYPE_NULL;
    }
    return place;
}

bool is_number(const MYSQL_FIELD& field) {
    switch (field.type) {
        case MYSQL_TYPE_TINY:
        case MYSQL_TYPE_SHORT:
        case MYSQL_TYPE_INT24:
        case MYSQL_TYPE_LONG:
        case MYSQL_TYPE_LONGLONG: return true;
        default: return false;
    }
}

struct result_closer {
    void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

// Receives the rows. Numbers arrive directly; for text and bytes, the length arrives first and then the data is
// fetched.
class row_buffer {
public:
    explicit row_buffer(MYSQL_STMT* handle) : handle_(handle), metadata_(mysql_stmt_result_metadata(handle)) {
        const auto columns = metadata_ ? mysql_num_fields(metadata_.get()) : 0;
        places_.resize(columns);
        columns_.resize(columns);
        for (unsigned i = 0; i < columns; ++i) {
            auto& place = places_[i];
            const bool number = is_number(*mysql_fetch_field_direct(metadata_.get(), i));
            place.buffer_type = number ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_BLOB;
            place.buffer = number ? &columns_[i].number : nullptr;
            place.length = &columns_[i].length;
            place.is_null = &columns_[i].is_null;
        }
    }

    MYSQL_BIND* places() { return places_.data(); }

    // Returns the row that was fetched last.
    row read() {
        std::vector<cell> cells;
        cells.reserve(places_.size());
        for (unsigned i = 0; i < places_.size(); ++i) cells.push_back(read_cell(i));
        return row(std::move(cells));
    }

private:
    struct column {
        std::int64_t number = 0;
        unsigned long length = 0;
        my_bool is_null = 0;
    };

    cell read_cell(unsigned i) {
        if (columns_[i].is_null != 0) return {};
        if (places_[i].buffer_type == MYSQL_TYPE_LONGLONG) return columns_[i].number;
        std::string bytes(columns_[i].length, '\0');
        if (bytes.empty()) return bytes;
        MYSQL_BIND whole{};
        whole.buffer_type = MYSQL_TYPE_BLOB;
        whole.buffer = bytes.data();
        whole.buffer_length = bytes.size();
        if (mysql_stmt_fetch_column(handle_, &whole, i, 0) != 0) {
            throw driver_error("a column of an answer cannot be read", failure_kind::bug);
        }
        return bytes;
    }

    MYSQL_STMT* const handle_;
    const std::unique_ptr<MYSQL_RES, result_closer> metadata_;
    std::vector<MYSQL_BIND> places_;
    std::vector<column> columns_;
};

// Frees the result on destruction. The connection accepts no other statement before.
class answer {
public:
    explicit answer(MYSQL_STMT* handle) : handle_(handle) {}
    ~answer() { mysql_stmt_free_result(handle_); }

    answer(const answer&) = delete;
    answer& operator=(const answer&) = delete;

private:
    MYSQL_STMT* const handle_;
};

}  // namespace

void mysql_statement::closer::operator()(st_mysql_stmt* handle) const { mysql_stmt_close(handle); }

mysql_statement::mysql_statement(st_mysql* handle, statement sql)
    : text_(sql.text()), handle_(mysql_stmt_init(handle)) {
    if (!handle_) throw std::bad_alloc();
    if (mysql_stmt_prepare(handle_.get(), text_, std::strlen(text_)) != 0) fail();
}

std::uint64_t mysql_statement::execute(parameters values) {
    const answer dropped(handle_.get());
    run(values);
    return mysql_stmt_affected_rows(handle_.get());
}

std::vector<row> mysql_statement::query(parameters values) {
    run(values);
    row_buffer buffer(handle_.get());
    if (mysql_stmt_bind_result(handle_.get(), buffer.places()) != 0) fail();
    // An error may arrive instead of a row. If the library were then told to free the result, it would wait for the
    // rest of it until the server counts as dead.
    if (mysql_stmt_store_result(handle_.get()) != 0) fail();
    const answer dropped(handle_.get());
    std::vector<row> rows;
    rows.reserve(mysql_stmt_num_rows(handle_.get()));
    for (;;) {
        const int status = mysql_stmt_fetch(handle_.get());
        if (status == MYSQL_NO_DATA) return rows;
        if (status != 0 && status != MYSQL_DATA_TRUNCATED) fail();
        rows.push_back(buffer.read());
    }
}

void mysql_statement::run(parameters values) {
    if (mysql_stmt_param_count(handle_.get()) != values.size()) {
        throw wrong_number_of_values();
    }
    std::vector<MYSQL_BIND> places;
    places.reserve(values.size());
    for (const auto& each : values) places.push_back(to_bind(each.value()));
    if (!places.empty() && mysql_stmt_bind_param(handle_.get(), places.data()) != 0) fail();
    if (mysql_stmt_execute(handle_.get()) != 0) fail();
}

void mysql_statement::fail() const {
    throw_statement_failure({.code = mysql_stmt_errno(handle_.get()), .message = mysql_stmt_error(handle_.get())},
                            text_);
}

}  // namespace userinfo::sql
