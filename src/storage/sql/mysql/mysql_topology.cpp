#include "storage/sql/mysql/mysql_topology.h"

#include <algorithm>
#include <utility>

namespace userinfo::sql {

namespace {

// Six times the default limit, at two probes a second. A longer lag needs no exact value.
constexpr std::size_t most_milestones = 64;

}  // namespace

void mysql_topology::note(std::size_t host, std::optional<host_probe> probe, time_point now) {
    auto& known = hosts_[host];
    const bool was_silent = current(host, now) == nullptr;
    if (probe && known.at && was_silent) known.back = now;
    if ((!probe || was_silent) && standstill_ && standstill_->host == host) standstill_.reset();
    known.said = std::move(probe);
    known.at = now;
    const auto& said = known.said;
    if (!said) return;
    if (said->epoch > highest_epoch_) {
        highest_epoch_ = said->epoch;
        known_primary_.reset();
        // The new primary may lack some of the previous one's data.
        milestones_.clear();
    }
    if (!known_primary_) known_primary_ = primary(now);
    if (primary(now) == host) note_position(said->position, now);
    note_standstill(host, now);
}

std::optional<std::size_t> mysql_topology::primary(time_point now) const {
    const auto found = candidates(now);
    const auto chosen = known_primary_ ? std::ranges::find(found, *known_primary_) : found.begin();
    if (chosen == found.end() || (!known_primary_ && found.size() > 1) || !is_believed(*chosen)) return std::nullopt;
    return *chosen;
}

bool mysql_topology::is_believed(std::size_t host) const {
    const auto& back = hosts_[host].back;
    return !back || std::ranges::all_of(hosts_, [&](const auto& each) { return !each.at || *each.at >= *back; });
}

std::optional<std::size_t> mysql_topology::writable_primary(time_point now) const {
    return commits(now) == commit_health::good ? primary(now) : std::nullopt;
}

commit_health mysql_topology::commits(time_point now) const {
    const auto found = primary(now);
    return found ? current(*found, now)->commits : commit_health::good;
}

std::optional<std::size_t> mysql_topology::replicated_primary(time_point now) const {
    const auto found = primary(now);
    return found && current(*found, now)->replicated ? found : std::nullopt;
}

std::vector<std::size_t> mysql_topology::set_aside(time_point now) const {
    const auto taken = primary(now);
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        const auto* const said = current(i, now);
        if (said != nullptr && said->writable && taken != i && is_believed(i)) others.push_back(i);
    }
    return others;
}

std::optional<mysql_topology::duration> mysql_topology::lag(std::size_t host, time_point now) const {
    const auto* const said = current(host, now);
    if (said == nullptr) return std::nullopt;
    // A replica mostly has the last milestones, so the search for the first one that it lacks starts at the end.
    std::optional<time_point> missing_since;
    for (auto each = milestones_.rbegin(); each != milestones_.rend(); ++each) {
        if (said->position.includes(each->position)) break;
        missing_since = each->seen;
    }
    return missing_since ? now - *missing_since : duration(0);
}

std::optional<unchanged_period> mysql_topology::unchanged(time_point now) const {
    // Of a single one it is not known whether it is a proxy before several, each with a position of its own.
    if (hosts_.size() == 1 || !standstill_ || primary(now) != standstill_->host) return std::nullopt;
    const unchanged_period period{.since = standstill_->seen + rules_.longest_commit, .until = standstill_->asked};
    return period.since <= period.until ? std::optional(period) : std::nullopt;
}

bool mysql_topology::knows_all() const {
    return std::ranges::all_of(hosts_, [](const host& each) { return each.at.has_value(); });
}

std::optional<std::size_t> mysql_topology::replica(time_point now) const {
    std::optional<std::size_t> best;
    duration least = rules_.lag_limit;
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        const auto* const said = current(i, now);
        // A writable server is either the primary or has unknown data.
        if (said == nullptr || said->writable || said->epoch != highest_epoch_) continue;
        const auto behind = *lag(i, now);
        if (behind >= least) continue;
        best = i;
        least = behind;
    }
    return best;
}

const host_probe* mysql_topology::current(std::size_t host, time_point now) const {
    const auto& [said, at, back] = hosts_[host];
    return said && now - *at <= rules_.probe_limit ? &*said : nullptr;
}

std::vector<std::size_t> mysql_topology::candidates(time_point now) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        const auto* const said = current(i, now);
        if (said != nullptr && said->writable && said->epoch == highest_epoch_) found.push_back(i);
    }
    return found;
}

void mysql_topology::note_position(const gtid_position& position, time_point now) {
    if (!milestones_.empty() && milestones_.back().position.includes(position)) return;
    milestones_.push_back({.position = position, .seen = now});
    if (milestones_.size() > most_milestones) milestones_.pop_front();
}

void mysql_topology::note_standstill(std::size_t host, time_point now) {
    const auto found = primary(now);
    if (standstill_ && found != standstill_->host) standstill_.reset();
    if (found != host) return;
    const auto& said = *hosts_[host].said;
    if (said.commits != commit_health::good || said.position == gtid_position()) {
        standstill_.reset();
    } else if (standstill_ && standstill_->position == said.position) {
        standstill_->asked = said.asked;
    } else {
        standstill_ = {.host = host, .position = said.position, .seen = now, .asked = said.asked};
    }
}

}  // namespace userinfo::sql
