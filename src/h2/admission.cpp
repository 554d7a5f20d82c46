#include "h2/admission.h"

#include <algorithm>
#include <utility>

namespace userinfo::h2 {

using net::refusal;

std::unique_ptr<admission::place> admission::admit(const net::connection_source& source, bool is_proven,
                                                   std::function<void()> give_way) {
    std::unique_lock lock(mutex_);
    if (proven_ >= limits_.connections || open_ >= limits_.connections + limits_.newcomers) {
        lock.unlock();
        refused_.count(refusal::full, source);
        return nullptr;
    }
    std::unique_ptr<place> made(new place(shared_from_this(), source, std::move(give_way)));
    ++open_;
    if (is_proven) {
        ++proven_;
        made->state_ = place::state::proven;
        return made;
    }
    const auto tell = enter(*made);
    lock.unlock();
    if (tell) tell();
    return made;
}

std::size_t admission::open() const {
    const std::scoped_lock lock(mutex_);
    return open_;
}

std::function<void()> admission::enter(place& newcomer) {
    std::function<void()> tell;
    if (auto* const displaced = who_gives_way_to(newcomer.source_)) {
        remove(*displaced);
        displaced->state_ = place::state::asked_to_go;
        tell = displaced->give_way_;
    }
    newcomer.state_ = place::state::newcomer;
    newcomer.counted_ = *shares_.add(newcomer.source_);
    newcomer.where_ = newcomers_.insert(newcomers_.end(), &newcomer);
    return tell;
}

// Null if there is room.
admission::place* admission::who_gives_way_to(const net::connection_source& source) const {
    std::size_t own = 0, most = 0;
    for (const auto* const each : newcomers_) {
        if (each->source_ == source) own = each->counted_->second;
        most = std::max(most, each->counted_->second);
    }
    const bool has_share = own >= limits_.newcomers_per_source;
    if (!has_share && newcomers_.size() < limits_.newcomers) return nullptr;
    place* oldest = nullptr;
    for (auto* const each : newcomers_) {
        if (has_share ? each->source_ != source : each->counted_->second != most) continue;
        if (!each->has_spoken_) return each;
        if (oldest == nullptr) oldest = each;
    }
    return oldest;
}

void admission::remove(place& newcomer) {
    newcomers_.erase(newcomer.where_);
    shares_.remove(newcomer.counted_);
}

void admission::speak(place& place) {
    std::function<void()> tell;
    {
        const std::scoped_lock lock(mutex_);
        if (std::exchange(place.has_spoken_, true) || place.state_ != place::state::asked_to_go) return;
        tell = enter(place);
    }
    if (tell) tell();
}

bool admission::prove(place& place) {
    std::unique_lock lock(mutex_);
    if (place.state_ == place::state::proven) return true;
    if (place.state_ == place::state::over) return false;
    if (place.state_ == place::state::newcomer) remove(place);
    if (proven_ < limits_.connections) {
        ++proven_;
        place.state_ = place::state::proven;
        return true;
    }
    place.state_ = place::state::over;
    lock.unlock();
    refused_.count(refusal::full, place.source_);
    return false;
}

bool admission::must_go(place& place) {
    {
        const std::scoped_lock lock(mutex_);
        if (place.state_ != place::state::asked_to_go) return false;
        place.state_ = place::state::over;
    }
    refused_.count(refusal::displaced, place.source_);
    return true;
}

void admission::expire(place& place) {
    {
        const std::scoped_lock lock(mutex_);
        if (place.state_ == place::state::over) return;
        if (place.state_ == place::state::newcomer) remove(place);
        if (place.state_ != place::state::proven) place.state_ = place::state::over;
    }
    refused_.count(refusal::unproven, place.source_);
}

void admission::leave(place& place) {
    const std::scoped_lock lock(mutex_);
    if (place.state_ == place::state::newcomer) remove(place);
    if (place.state_ == place::state::proven) --proven_;
    --open_;
}

}  // namespace userinfo::h2
