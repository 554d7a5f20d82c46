#include "gateway/fields.h"

#include <algorithm>

#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>

#include "base/ascii.h"

namespace userinfo::gateway {

namespace {

constexpr std::size_t most_fields = 100;

// Nothing if a percent escape is broken.
std::optional<secret_string> decode(std::string_view text) {
    const auto checked = boost::urls::make_pct_string_view(text);
    if (!checked) return std::nullopt;
    boost::urls::encoding_opts form_rules;
    form_rules.space_as_plus = true;
    secret_string decoded;
    decoded.reserve(text.size());
    for (const char byte : boost::urls::decode_view(*checked, form_rules)) decoded.push_back(byte);
    return decoded;
}

std::string_view essence(std::string_view content_type) { return trim(content_type.substr(0, content_type.find(';'))); }

}  // namespace

result<std::string> fields::required(std::string_view name) const {
    const auto found = find_required(name);
    if (!found) return std::unexpected(found.error());
    return std::string((*found)->text.view());
}

result<secret_string> fields::secret(std::string_view name) const {
    const auto found = find_required(name);
    if (!found) return std::unexpected(found.error());
    return secret_string((*found)->text.view());
}

result<std::optional<std::string>> fields::optional(std::string_view name) const {
    const auto found = find(name);
    if (!found) return std::unexpected(found.error());
    if (*found == nullptr) return std::nullopt;
    return std::string((*found)->text.view());
}

auto fields::find(std::string_view name) const -> result<const field*> {
    const auto first = std::ranges::find(all_, name, &field::name);
    if (first == all_.end()) return nullptr;
    if (std::find_if(first + 1, all_.end(), [&](const field& f) { return f.name == name; }) != all_.end()) {
        return invalid(std::string(name), "duplicate", "The field '" + std::string(name) + "' is there twice.");
    }
    if (first->kind == value_kind::other) {
        return invalid(std::string(name), "wrong_type", "The field '" + std::string(name) + "' must be a string.");
    }
    return &*first;
}

auto fields::find_required(std::string_view name) const -> result<const field*> {
    auto found = find(name);
    if (!found || (*found != nullptr && (*found)->kind != value_kind::null)) return found;
    return invalid(std::string(name), "missing", "The field '" + std::string(name) + "' is missing.");
}

media_type media_type_of(const http::request& request) {
    const auto type = essence(request.header_value("Content-Type"));
    if (type.empty()) return media_type::none;
    if (equal_ignoring_case(type, "application/x-www-form-urlencoded")) return media_type::form;
    if (equal_ignoring_case(type, "application/json")) return media_type::json;
    return media_type::other;
}

result<fields> parse_form(std::string_view body) {
    fields found;
    std::size_t count = 0;
    while (!body.empty()) {
        const auto pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const auto name = decode(pair.substr(0, equals));
        auto value = decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
        if (!name || !value) return failure(errc::invalid_argument, "The form has a broken percent escape.");
        if (++count > most_fields) return failure(errc::invalid_argument, "The form has more than 100 fields.");
        found.add(std::string(name->view()), value_kind::text, std::move(*value));
    }
    return found;
}

result<fields> parse_json(std::string_view body) {
    fields found;
    const auto read = read_json_object(body, [&found](std::string_view name, value_kind kind, std::string_view text) {
        found.add(std::string(name), kind, secret_string(text));
    });
    if (!read.is_valid) return failure(errc::invalid_argument, "The body is not valid JSON.");
    if (!read.is_object) return failure(errc::invalid_argument, "The body must be a JSON object.");
    return found;
}

}  // namespace userinfo::gateway
