#include "base/json_writer.h"

#include <charconv>

#include "base/hex.h"
#include "base/unicode.h"

namespace userinfo {

namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f; }

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default:
            out += "\\u00";
            out += hex_digits[static_cast<unsigned char>(c) >> 4];
            out += hex_digits[static_cast<unsigned char>(c) & 0x0f];
    }
}

// Appends well-formed text as runs of plain characters between escapes.
void append_text(std::string& out, std::string_view text) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needs_escape(text[i])) continue;
        out.append(text, begin, i - begin);
        append_escaped(out, text[i]);
        begin = i + 1;
    }
    out.append(text, begin, text.size() - begin);
}

// Whether the text stands in a JSON string as it is. Most do. The loop has no branch, so that it becomes vector code.
bool is_plain(std::string_view text) {
    bool plain = true;
    for (const char c : text) plain &= c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
    return plain;
}

// Appends text that is not UTF-8: keeps ASCII and replaces every other byte by U+FFFD.
std::string with_replacements(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x80)
            out += c;
        else
            out += "\xef\xbf\xbd";
    }
    return out;
}

template <class Number>
void append_number(std::string& out, Number number) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    out.append(buffer, end);
}

}  // namespace

json_writer& json_writer::name(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    first_ = true;
    return *this;
}

json_writer& json_writer::value(std::string_view text) {
    separate();
    out_ += '"';
    if (is_plain(text))
        out_ += text;
    else if (is_utf8(text))
        append_text(out_, text);
    else
        append_text(out_, with_replacements(text));
    out_ += '"';
    return *this;
}

json_writer& json_writer::value(bool flag) { return raw(flag ? "true" : "false"); }

json_writer& json_writer::value(std::int64_t number) {
    separate();
    append_number(out_, number);
    return *this;
}

json_writer& json_writer::value(std::uint64_t number) {
    separate();
    append_number(out_, number);
    return *this;
}

json_writer& json_writer::null() { return raw("null"); }

json_writer& json_writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

json_writer& json_writer::open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
    return *this;
}

json_writer& json_writer::close(char bracket) {
    out_ += bracket;
    first_ = false;
    return *this;
}

void json_writer::separate() {
    if (!first_) out_ += ',';
    first_ = false;
}

}  // namespace userinfo
