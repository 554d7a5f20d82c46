#include "programs/audit_line.h"

#include <optional>

#include "base/hex.h"
#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "base/unicode.h"
#include "base/uuid.h"

namespace userinfo::programs {

namespace {

void write_subject(json_writer& json, const std::optional<std::string>& subject) {
    json.name("account");
    if (!subject) {
        json.null();
        return;
    }
    const auto id = uuid::from_bytes(*subject);
    json.value(id ? id->to_string() : to_hex(*subject));
}

}  // namespace

std::string audit_line(const stored_audit_event& event) {
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

}  // namespace userinfo::programs
