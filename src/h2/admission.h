// Decides which connections a server keeps, so that strangers cannot keep out its clients.
//
// A peer has proven itself when it speaks HTTP/2, if TLS is on after a handshake in which it showed a good certificate.
// A peer that authenticates itself by connecting (through a unix socket) has proven itself at once. Until then a
// connection is a newcomer. These rules always hold:
//
// - At most `connections` peers that have proven themselves have a connection, and at most `newcomers` others, of these
//   at most `newcomers_per_source` of one source.
// - Nobody who has proven itself gives way.
// - A newcomer is let in while peers can still prove themselves. If there is no room for it, another newcomer gives
//   way: one of the same source if that has its share, else one of the source with the most. Of those it is the oldest
//   that has sent nothing yet, or else the oldest. So a peer that speaks at once is only displaced by many peers of its
//   own source that speak as well, while it proves itself. If what it sent is noticed only when it is to give way, it
//   stays, and another one is asked.
// - A newcomer that does not prove itself within `proof_time` ends.
// - Those that have given way and have not gone yet take places of peers that have proven themselves. So never more
//   than `connections` and `newcomers` are open.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "h2/server_limits.h"
#include "net/refused_connections.h"
#include "net/source_shares.h"

namespace userinfo::h2 {

// Thread-safe.
class admission : public std::enable_shared_from_this<admission> {
public:
    class place;

    // `refused` must live as long as connections are admitted, prove themselves and expire.
    admission(const server_limits& limits, net::refused_connections& refused) : limits_(limits), refused_(refused) {}

    // Lets a connection in, or refuses it (null). `give_way` is called on any thread if it is to end for another
    // newcomer, possibly when its place is already gone. The connection then calls place::must_go.
    std::unique_ptr<place> admit(const net::connection_source& source, bool is_proven, std::function<void()> give_way);

    // How many connections have a place.
    std::size_t open() const;

private:
    using newcomers = std::list<place*>;  // in the order in which they came

    // With the lock held. `enter` returns what to call without the lock, to tell who gives way.
    std::function<void()> enter(place& newcomer);
    place* who_gives_way_to(const net::connection_source& source) const;
    void remove(place& newcomer);

    void speak(place& place);
    bool prove(place& place);
    bool must_go(place& place);
    void expire(place& place);
    void leave(place& place);

    const server_limits limits_;
    net::refused_connections& refused_;
    mutable std::mutex mutex_;
    std::size_t open_ = 0;    // all places
    std::size_t proven_ = 0;  // of peers that have proven themselves
    newcomers newcomers_;
    net::source_shares shares_{limits_.newcomers_per_source};  // of the newcomers
};

// What one connection has, from its acceptance to its end. Its functions are thread-safe.
class admission::place {
public:
    ~place() { admission_->leave(*this); }

    place(const place&) = delete;
    place& operator=(const place&) = delete;

    // The peer has sent its first bytes. Whoever was to give way because it was silent need not go any more.
    void speak() { admission_->speak(*this); }
    // The peer has proven itself, and need not go any more. Returns false if the connection must end because too many
    // peers have proven themselves meanwhile.
    bool prove() { return admission_->prove(*this); }
    // Whether the connection, which was asked to give way, must still do so. It is then counted as displaced.
    bool must_go() { return admission_->must_go(*this); }
    // The time in which it had to speak HTTP/2 is over.
    void expire() { admission_->expire(*this); }

private:
    friend admission;

    enum class state { newcomer, asked_to_go, proven, over };

    place(std::shared_ptr<admission> admission, const net::connection_source& source, std::function<void()> give_way)
        : admission_(std::move(admission)), source_(source), give_way_(std::move(give_way)) {}

    const std::shared_ptr<admission> admission_;
    const net::connection_source source_;

    // With the lock of `admission_` only.
    state state_ = state::over;
    bool has_spoken_ = false;
    std::function<void()> give_way_;
    newcomers::iterator where_;          // of a newcomer
    net::source_shares::entry counted_;  // likewise
};

}  // namespace userinfo::h2
