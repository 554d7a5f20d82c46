#include "programs/audit_verbs.h"

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "audit/audit_tail.h"
#include "audit/audit_verification.h"
#include "base/hex.h"
#include "base/rfc3339.h"
#include "identity/login_identifier.h"
#include "programs/audit_line.h"
#include "programs/line_output.h"
#include "programs/setting_table.h"
#include "programs/setting_values.h"
#include "programs/time_value.h"
#include "programs/verb_context.h"
#include "tokens/internal_key.h"

namespace userinfo::programs {

namespace {

constexpr std::size_t page = 1000;

constexpr std::chrono::seconds between_looks{1};

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

// Calls `tell` with each event since `since`, the oldest first, until it returns false.
result<void> each_event(verb_context& context, const audit_filter& filter, timestamp since,
                        const std::function<bool(const stored_audit_event&)>& tell) {
    audit_position after{.at = since};
    for (;;) {
        const auto events = context.run(context.stores.audit.list(filter, after, page));
        if (!events) return std::unexpected(events.error());
        for (const auto& event : *events) {
            if (!tell(event)) return {};
        }
        if (events->size() < page) return {};
        after = {.at = events->back().at, .id = events->back().id};
    }
}

result<void> skip_present(verb_context& context, audit_tail& tail) {
    for (bool more = true; more;) {
        const auto news = context.run(tail.next());
        if (!news) return std::unexpected(news.error());
        more = news->more;
    }
    return {};
}

// Goes on through errors of the database: it may fail over.
int follow(verb_context& context, audit_tail& tail, timestamp since, line_output& output) {
    bool is_down = false;
    while (!output.is_over()) {
        const auto news = context.run(tail.next());
        if (!news) {
            if (!std::exchange(is_down, true)) report(news.error());
            output.wait(between_looks);
            continue;
        }
        is_down = false;
        for (const auto& event : news->events) {
            if (event.at >= since && !output.write(audit_line(event))) break;
        }
        if (!news->more) output.wait(between_looks);
    }
    return success;
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
    const auto type = read_type(query.type);
    const auto since = read_since(query.since, system_clock().now());
    verb_context context(settings);
    const auto account = find_account(context, query.account);
    if (!account) return report(account.error());
    const auto listed = each_event(context, {.account = *account, .type = type}, since, [](const auto& event) {
        fmt::print("{}", audit_line(event));
        return true;
    });
    return listed ? success : report(listed.error());
}

int follow_audit(const settings& settings, const audit_query& query, const program_signals& signals) {
    const auto type = read_type(query.type);
    const auto since = read_since(query.since, system_clock().now());
    verb_context context(settings);
    const auto account = find_account(context, query.account);
    if (!account) return report(account.error());
    const audit_filter filter{.account = *account, .type = type};
    line_output output(signals);
    audit_tail tail(context.stores.audit, filter);
    if (const auto begun = context.run(tail.begin()); !begun) return report(begun.error());
    const auto tell = [&](const stored_audit_event& event) {
        tail.skip(event.id);
        return output.write(audit_line(event));
    };
    // Without --since, what is there already is skipped.
    const auto before = query.since.empty() ? skip_present(context, tail) : each_event(context, filter, since, tell);
    if (!before) return report(before.error());
    return follow(context, tail, since, output);
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
