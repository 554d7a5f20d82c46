#include "audit/audit_chain.h"

#include <string_view>

#include <sodium.h>

#include "base/sha256.h"

namespace userinfo {

namespace {

constexpr std::string_view key_use = "audit chain";
constexpr std::size_t salt_size = 16;

// Each field is preceded by its length, so that different lists of fields never have the same encoding.
class field_list {
public:
    field_list& add(std::string_view bytes) {
        add_number(bytes.size());
        text_ += bytes;
        return *this;
    }

    field_list& add(std::uint64_t number) {
        add_number(sizeof number);
        add_number(number);
        return *this;
    }

    field_list& add(std::int64_t number) { return add(static_cast<std::uint64_t>(number)); }

    field_list& add_optional(const std::optional<std::string>& maybe) {
        add(std::uint64_t{maybe.has_value()});
        return maybe ? add(*maybe) : *this;
    }

    const std::string& text() const { return text_; }

private:
    // Eight bytes, big-endian.
    void add_number(std::uint64_t number) {
        for (int shift = 56; shift >= 0; shift -= 8) text_ += static_cast<char>(number >> shift & 0xff);
    }

    std::string text_;
};

std::string to_bytes(const sha256_digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string random_salt() {
    std::string salt(salt_size, '\0');
    randombytes_buf(salt.data(), salt.size());
    return salt;
}

std::string personal_of(std::string_view salt, const stored_audit_event& event) {
    field_list fields;
    fields.add(salt).add(event.address).add(event.user_agent);
    return to_bytes(sha256(fields.text()));
}

// Without the salt these fields cannot be checked, so they must be empty.
bool has_right_addresses(const audit_link& link, const stored_audit_event& event) {
    if (link.salt) return personal_of(*link.salt, event) == link.personal;
    return event.address.empty() && event.user_agent.empty();
}

}  // namespace

std::string audit_chain::mac_of(const std::string& previous, const audit_link& link,
                                const stored_audit_event& event) const {
    field_list fields;
    fields.add("event")
        .add(previous)
        .add(link.place)
        .add(event.id)
        .add(std::int64_t{event.at.time_since_epoch().count()})
        .add(event.type)
        .add(std::uint64_t{event.succeeded})
        .add(event.reason)
        .add(event.actor)
        .add_optional(event.subject)
        .add(event.session)
        .add(link.personal)
        .add(event.request_id)
        .add(event.details);
    return to_bytes(key_.mac(key_use, fields.text()));
}

std::vector<audit_link> audit_chain::extend(const std::optional<audit_link>& head,
                                            const std::vector<stored_audit_event>& events) const {
    std::vector<audit_link> links;
    links.reserve(events.size());
    auto place = head ? head->place : 0;
    auto previous = head ? head->mac : std::string();
    for (const auto& event : events) {
        auto salt = random_salt();
        auto personal = personal_of(salt, event);
        audit_link link{.place = ++place,
                        .event_id = event.id,
                        .salt = std::move(salt),
                        .personal = std::move(personal),
                        .mac = {},
                        .anchor = {}};
        link.mac = mac_of(previous, link, event);
        previous = link.mac;
        links.push_back(std::move(link));
    }
    return links;
}

std::string audit_chain::anchor_for(const audit_link& last) const {
    field_list fields;
    fields.add("purged").add(last.place).add(last.mac);
    return to_bytes(key_.mac(key_use, fields.text()));
}

bool audit_chain::is_anchor(const audit_link& link) const {
    return !link.event_id && link.anchor && *link.anchor == anchor_for(link);
}

std::optional<std::string> audit_chain_walk::step(const linked_event& next, std::uint64_t first_place) {
    auto wrong = next.link.event_id ? step_to_event(next) : step_to_anchor(next.link, first_place);
    if (wrong) return "place " + std::to_string(next.link.place) + ": " + *wrong;
    place_ = next.link.place;
    mac_ = next.link.mac;
    return std::nullopt;
}

// Valid only at the start of the table. A walk in progress meets an anchor if the places before it were purged
// meanwhile.
std::optional<std::string> audit_chain_walk::step_to_anchor(const audit_link& link, std::uint64_t first_place) const {
    if (link.place != first_place) return "it has lost its event";
    if (!chain_.is_anchor(link)) return "the program did not purge what was before it";
    return std::nullopt;
}

std::optional<std::string> audit_chain_walk::step_to_event(const linked_event& next) const {
    if (next.link.place != place_ + 1) return "what comes before it is missing";
    const auto name = "event " + std::to_string(*next.link.event_id);
    if (!next.event) return name + " is missing";
    if (chain_.mac_of(mac_, next.link, *next.event) != next.link.mac) return name + " is not the one that was linked";
    if (!has_right_addresses(next.link, *next.event)) return "address or user agent of " + name + " were changed";
    return std::nullopt;
}

}  // namespace userinfo
