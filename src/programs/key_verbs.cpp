#include "programs/key_verbs.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "base/timer.h"
#include "base/unicode.h"
#include "keys/key_changes.h"
#include "keys/key_ring.h"
#include "keys/key_rules.h"
#include "programs/master_key_file.h"
#include "programs/verb_context.h"
#include "storage/sql/mysql/mysql_lock.h"

namespace userinfo::programs {

namespace {

class data_folder_lock {
public:
    explicit data_folder_lock(const settings& settings)
        : folder_(::open(settings.data_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (folder_ >= 0 && lock()) return;
        const int why = errno;
        if (folder_ >= 0) ::close(folder_);
        throw std::runtime_error("data_dir: " + settings.data_dir.string() +
                                 " cannot be locked: " + std::strerror(why));
    }
    ~data_folder_lock() { ::close(folder_); }

    data_folder_lock(const data_folder_lock&) = delete;
    data_folder_lock& operator=(const data_folder_lock&) = delete;

private:
    bool lock() const {
        int status = 0;
        do status = ::flock(folder_, LOCK_EX);
        while (status != 0 && errno == EINTR);
        return status == 0;
    }

    const int folder_;
};

// Held by verbs that change keys: one that seals with a master key must not run beside one that removes it. The lock is
// where the keys are: on the primary, or in the folder of the embedded database.
class keys_lock {
public:
    keys_lock(const settings& settings, const chosen_database& database) {
        if (const auto primary = database.primary_endpoint()) {
            server_.emplace(*primary, "userinfo keys", patience);
        } else {
            folder_.emplace(settings);
        }
    }

private:
    static constexpr std::chrono::seconds patience{30};

    std::optional<data_folder_lock> folder_;
    std::optional<sql::mysql_lock> server_;
};

// The parts of a verb that changes keys. Throws std::runtime_error if there are no keys yet.
struct key_verb_context {
    explicit key_verb_context(const settings& settings)
        : context(settings),
          lock(settings, context.database),
          masters(load(settings)),
          changes(context.stores.keys, context.clock, cli_actor()) {}

    verb_context context;
    keys_lock lock;
    master_keys masters;
    key_changes changes;

private:
    master_keys load(const settings& settings) {
        const auto keys = context.run(context.stores.keys.list());
        if (!keys) throw std::runtime_error(keys.error().message);
        if (keys->empty()) throw std::runtime_error(no_keys_yet().message);
        return load_master_keys(settings, missing_key::refuse);
    }
};

std::string text_of(const std::optional<timestamp>& time) { return time ? to_rfc3339(*time) : "-"; }

std::string line_of(const stored_key& key) {
    return fmt::format("{:<43}  {:<8}  {:<8}  {}  {}  {:<20}  {:<20}  {}\n", printable(key.kid), to_string(key.purpose),
                       to_string(key.state), text_of(key.created_at), text_of(key.not_before), text_of(key.sign_until),
                       text_of(key.verify_until), printable(key.sealing_key_id));
}

void write_time(json_writer& json, std::string_view name, const std::optional<timestamp>& time) {
    json.name(name);
    if (time)
        json.value(to_rfc3339(*time));
    else
        json.null();
}

std::string json_of(const stored_key& key) {
    std::string line;
    json_writer json(line);
    json.begin_object()
        .member("kid", key.kid)
        .member("purpose", to_string(key.purpose))
        .member("state", to_string(key.state))
        .member("created_at", to_rfc3339(key.created_at))
        .member("not_before", to_rfc3339(key.not_before));
    write_time(json, "sign_until", key.sign_until);
    write_time(json, "verify_until", key.verify_until);
    json.member("master_key_id", key.sealing_key_id).end_object();
    make_json_printable(line);
    line += '\n';
    return line;
}

std::vector<key_purpose> purposes_named(const std::string& name) {
    std::vector<key_purpose> purposes;
    for (const auto purpose : {key_purpose::access, key_purpose::refresh, key_purpose::internal}) {
        if (name == to_string(purpose)) return {purpose};
        if (purpose != key_purpose::internal) purposes.push_back(purpose);
    }
    return purposes;
}

int rewrap_with_first(key_verb_context& keys) {
    const auto sealed = keys.context.run(keys.changes.rewrap(keys.masters));
    if (!sealed) return report(sealed.error());
    fmt::print("{} keys are sealed with the master key {}\n", *sealed, keys.masters.first().id());
    return success;
}

}  // namespace

int list_keys(const settings& settings, bool all, output_form form) {
    verb_context context(settings);
    const auto keys = context.run(all ? context.stores.keys.list() : context.stores.keys.list_live());
    if (!keys) return report(keys.error());
    for (const auto& key : *keys) fmt::print("{}", form == output_form::json ? json_of(key) : line_of(key));
    return success;
}

int rotate_keys(const settings& settings, const std::string& purpose, bool now) {
    key_verb_context keys(settings);
    const auto lead = now ? std::chrono::milliseconds(0) : settings.keys.lead_time;
    const auto signs_from = keys.context.clock.now() + lead;
    const auto made = keys.context.run(keys.changes.rotate(purposes_named(purpose), lead, keys.masters));
    if (!made) return report(made.error());
    for (const auto& kid : *made) {
        fmt::print("{} is next; a running server signs with it {}\n", kid,
                   now ? "at once" : "from " + to_rfc3339(signs_from));
    }
    return success;
}

int revoke_key(const settings& settings, const std::string& kid) {
    key_verb_context keys(settings);
    const auto revoked = keys.context.run(keys.changes.revoke(kid, keys.masters));
    if (!revoked) return report(revoked.error());
    keys.context.run(sleep_until(std::chrono::steady_clock::now() + key_notice_time));
    fmt::print("{} is gone\n", kid);
    if (revoked->successor) fmt::print("{} is active in its place\n", *revoked->successor);
    return success;
}

int rewrap_keys(const settings& settings) {
    key_verb_context keys(settings);
    const auto file = master_key_file(settings);
    if (!file) {
        const int outcome = rewrap_with_first(keys);
        if (outcome == success) fmt::print("Take the other ones out of USERINFO_KEYS_MASTER.\n");
        return outcome;
    }
    // Whenever this is interrupted, the file holds the keys that unseal everything.
    const auto fresh = master_key::generate();
    keys.masters = keys.masters.led_by(fresh);
    replace_master_keys(*file, keys.masters);
    const int outcome = rewrap_with_first(keys);
    if (outcome == success) replace_master_keys(*file, master_keys(fresh));
    return outcome;
}

}  // namespace userinfo::programs
