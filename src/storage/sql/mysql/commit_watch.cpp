#include "storage/sql/mysql/commit_watch.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include <pthread.h>

#include "base/log.h"
#include "storage/sql/mysql/mysql_connection.h"
#include "storage/sql/mysql/mysql_handle.h"
#include "storage/sql/mysql/server_probe.h"

namespace userinfo::sql {

commit_watch::commit_watch(const mysql_host_options& server, mysql_host& host, deadline_watchdog& watchdog,
                           std::function<bool()> is_primary, std::function<void()> changed)
    : endpoint_(server.endpoint),
      name_(server.name),
      host_(host),
      watchdog_(watchdog),
      is_primary_(std::move(is_primary)),
      changed_(std::move(changed)),
      thread_([this](const std::stop_token& stop) { mend(stop); }) {}

commit_watch::~commit_watch() = default;

bool commit_watch::has_doubts() const {
    const std::scoped_lock lock(mutex_);
    return known_.worst != commit_health::good || !host_.is_up(mysql_host::access::write);
}

commit_health commit_watch::note_answer(commit_health now) {
    const std::scoped_lock lock(mutex_);
    known_ = {.now = now, .worst = std::max(known_.worst, now), .is_doubted = true};
    wake_.notify_all();
    return known_.worst;
}

void commit_watch::forget() {
    const std::scoped_lock lock(mutex_);
    known_ = {};
}

void commit_watch::mend(const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "db-mend");
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [this] { return std::exchange(known_.is_doubted, false); })) {
        const auto known = known_;
        lock.unlock();
        if (known.now == commit_health::good)
            try_to_write();
        else if (known.worst == commit_health::no_room)
            end_wait_for_room();
        lock.lock();
    }
}

// MariaDB looks for room once a minute. The procedure from deploy/servers/mariadb_room.sql makes it look now. It fails
// at once if there still is no room.
void commit_watch::end_wait_for_room() const {
    try {
        mysql_handle(endpoint_, mysql_silence).run_script("CALL end_wait_for_room()");
    } catch (const std::exception& failed) {
        log_debug("cannot end a wait for room on a database server's disk",
                  {{"host", name_}, {"detail", std::string_view(failed.what())}});
    }
}

// If a client's write to the primary has failed, writes something of its own, which finds out whether writes hang, and
// whether they are finished again.
void commit_watch::try_to_write() {
    if (!is_primary_()) return;
    const auto began = std::chrono::steady_clock::now();
    try {
        mysql_connection db(endpoint_, mysql_connection::access::write);
        const deadline_watchdog::watch watch(watchdog_, db.socket(), began + answer_limit);
        db.execute("UPDATE cluster_state SET heartbeat = heartbeat + 1");
        db.commit();
        host_.note_success(mysql_host::access::write);
        note_write(commit_health::good);
    } catch (const std::exception& failed) {
        log_debug("cannot write to the primary database",
                  {{"host", name_}, {"detail", std::string_view(failed.what())}});
        if (std::chrono::steady_clock::now() >= began + answer_limit) note_write(commit_health::hung);
    }
}

void commit_watch::note_write(commit_health found) {
    const bool is_new = [&] {
        const std::scoped_lock lock(mutex_);
        const auto worst = found == commit_health::good ? found : std::max(known_.worst, found);
        return worst != std::exchange(known_.worst, worst);
    }();
    if (is_new) changed_();
}

}  // namespace userinfo::sql
