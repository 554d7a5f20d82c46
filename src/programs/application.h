// The service without a front, on any storage: the parts that the roles `standalone` and `service` share, in the order
// of their construction.
#pragma once

#include <span>
#include <string>

#include "account/accounts.h"
#include "account/devices.h"
#include "account/stored_hashes.h"
#include "attempts/attempts.h"
#include "attempts/usage_limits.h"
#include "audit/audit_linker.h"
#include "base/task.h"
#include "device/device_seal.h"
#include "keys/key_ring.h"
#include "net/io_threads.h"
#include "profile/profiles.h"
#include "programs/chosen_caches.h"
#include "programs/chosen_database.h"
#include "programs/settings.h"
#include "service/housekeeping.h"
#include "service/local_userinfo.h"
#include "session/session_check.h"
#include "session/sessions.h"
#include "storage/memory/coarse_clock.h"
#include "storage/sql/sql_stores.h"

namespace userinfo::programs {

class application {
public:
    // A task beside the requests that runs as long as the program.
    struct background_loop {
        const char* name;
        task<void> (*run)(application&);
    };

    // The loops that `start` spawns.
    static std::span<const background_loop> background_loops();

    // `public_url` is the tokens' issuer. Requests arrive on `threads`; the first thread also runs the background
    // tasks. The threads must be stopped before this object is destroyed. Throws std::runtime_error or config_error if
    // the storage or the master key cannot be used.
    application(const settings& settings, const std::string& public_url, const clock& clock, metrics& metrics,
                net::io_threads& threads);

    // Loads the state that requests need, and starts the background tasks.
    void start();

    // Finishes the background work: links the last audit events. Call it when no request is running.
    void finish();

    userinfo_service& userinfo() { return service_; }

private:
    void announce_relaxed_mode();

    const settings& settings_;
    const clock& clock_;
    metrics& metrics_;
    asio::io_context& home_;
    memory::coarse_clock coarse_clock_;
    chosen_database database_;
    sql::sql_stores stores_;
    access_keys access_keys_;
    refresh_tokens refresh_tokens_;
    internal_key internal_key_;
    chosen_caches caches_;
    access_tokens access_tokens_;
    key_ring key_ring_;
    revocations revocations_;
    audit_chain audit_chain_;
    audit_alarm audit_alarm_;
    audit_linker audit_linker_;
    audit_retention audit_retention_;
    housekeeping housekeeping_;
    attempts attempts_;
    usage_limits usage_limits_;
    passwords passwords_;
    stored_hashes stored_hashes_;
    sessions sessions_;
    device_seal device_seal_;
    accounts accounts_;
    devices devices_;
    session_check session_check_;
    profiles profiles_;
    local_userinfo service_;
};

}  // namespace userinfo::programs
