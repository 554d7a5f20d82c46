#include "programs/audit_verbs.h"

#include <cstdio>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "audit/audit_verification.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "base/unicode.h"
#include "identity/login_identifier.h"
#include "programs/setting_table.h"
#include "programs/setting_values.h"
#include "programs/time_value.h"
#include "programs/verb_context.h"
#include "tokens/internal_key.h"

namespace userinfo::programs {

namespace {

constexpr std::size_t page = 1000;

// Reports an invalid argument.
template <class Read>
auto read_option(const std::string& name, Read read) {
    try {
        return read();
    } catch (const std::invalid_argument& why) {
        throw config_error(name + ": " + why.what());
    }
}

timestamp read_since(const std::string& text, timestamp now) {
    if (text.empty()) return {};
    return read_option("--since", [&] { return read_time(text, now); });
}

std::optional<audit_type> read_type(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto type = parse_audit_type(text);
    if (!type) throw config_error("--type: '" + text + "' is not a type of event; --help lists them");
    return type;
}

std::optional<audit_head> read_head(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return read_option("--head", [&] {
        const auto colon = text.find(':');
        const auto mac = colon == text.npos ? std::nullopt : from_hex(std::string_view(text).substr(colon + 1));
        if (!mac || mac->size() != sizeof(sha256_digest)) {
            throw std::invalid_argument("'" + text + "' is not PLACE:MAC, as `userinfo audit verify` prints it");
        }
        constexpr std::size_t most = 1'000'000'000'000'000;
        return std::optional(audit_head{.place = read_number(text.substr(0, colon), 1, most), .mac = *mac});
    });
}

// An id is accepted without an account, because events outlive accounts.
result<std::optional<uuid>> find_account(verb_context& context, const std::string& who) {
    if (who.empty()) return std::nullopt;
    if (const auto id = uuid::parse(who)) return id;
    const auto identifier = parse_login_identifier(who, identifier_forms::email_or_legacy);
    if (!identifier) return std::unexpected(identifier.error());
    const auto found = context.run(context.stores.accounts.find_by_identifier(identifier->key));
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::unexpected(no_such_account());
    return (*found)->id;
}

void write_subject(json_writer& json, const std::optional<std::string>& subject) {
    json.name("account");
    if (!subject) {
        json.null();
        return;
    }
    const auto id = uuid::from_bytes(*subject);
    json.value(id ? id->to_string() : to_hex(*subject));
}

std::string line_of(const stored_audit_event& event) {
    std::string line;
    json_writer json(line);
    json.begin_object()
        .member("id", event.id)
        .member("time", to_rfc3339_micros(event.at))
        .member("type", event.type)
        .member("succeeded", event.succeeded)
        .member("reason", event.reason)
        .member("actor", event.actor);
    write_subject(json, event.subject);
    json.member("session", event.session)
        .member("address", event.address)
        .member("user_agent", event.user_agent)
        .member("request_id", event.request_id)
        .member("details", event.details)
        .end_object();
    make_json_printable(line);
    line += '\n';
    return line;
}

std::string summary(const audit_report& report) {
    auto text = fmt::format("{} events are right", report.events);
    if (report.events > 0) {
        text += fmt::format(", from {} to {}", to_rfc3339_micros(report.first), to_rfc3339_micros(report.last));
    }
    if (report.unlinked > 0) text += fmt::format("; {} are not linked yet", report.unlinked);
    if (report.head) text += fmt::format("; head {}:{}", report.head->place, to_hex(report.head->mac));
    return text;
}

}  // namespace

int list_audit(const settings& settings, const audit_query& query) {
    audit_filter filter{.account = {}, .type = read_type(query.type)};
    audit_position after{.at = read_since(query.since, system_clock().now())};
    verb_context context(settings);
    const auto account = find_account(context, query.account);
    if (!account) return report(account.error());
    filter.account = *account;
    for (;;) {
        const auto events = context.run(context.stores.audit.list(filter, after, page));
        if (!events) return report(events.error());
        for (const auto& event : *events) fmt::print("{}", line_of(event));
        if (events->size() < page) return success;
        after = {.at = events->back().at, .id = events->back().id};
    }
}

int verify_audit(const settings& settings, const std::string& noted_head) {
    const auto noted = read_head(noted_head);
    verb_context context(settings);
    internal_key key;
    load_internal_key(context, settings, key);
    const audit_chain chain(key);
    const auto verified = context.run(verify_audit_trail(context.stores.audit, chain, context.clock.now(), noted));
    if (!verified) return report(verified.error());
    if (verified->wrong) return report({.code = errc::internal, .message = *verified->wrong});
    fmt::print("{}\n", summary(*verified));
    return success;
}

}  // namespace userinfo::programs
