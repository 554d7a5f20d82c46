// Counts the memory that one peer makes this process use, against a limit. What is over the limit is refused and never
// waits: flow control alone cannot be the limit, because a connection's window must take a part of a message of each
// stream, or the streams would wait for each other.
#pragma once

#include <cstddef>
#include <utility>

namespace userinfo::h2 {

// In bytes. Belongs to one thread.
class held_bytes {
public:
    explicit held_bytes(std::size_t most) : most_(most) {}

    // Returns false, and adds nothing, if they would be too many.
    bool add(std::size_t count) {
        if (count > most_ - held_) return false;
        held_ += count;
        return true;
    }

    void remove(std::size_t count) { held_ -= count; }

    std::size_t size() const { return held_; }

private:
    const std::size_t most_;
    std::size_t held_ = 0;
};

// The part of one call, which it gives back at its end. `whole` must outlive it.
class held_part {
public:
    explicit held_part(held_bytes& whole) : whole_(&whole) {}

    held_part(held_part&& other) noexcept : whole_(other.whole_), held_(std::exchange(other.held_, 0)) {}
    held_part& operator=(held_part&&) = delete;
    ~held_part() { whole_->remove(held_); }

    // As above.
    bool add(std::size_t count) {
        if (!whole_->add(count)) return false;
        held_ += count;
        return true;
    }

    void remove(std::size_t count) {
        whole_->remove(count);
        held_ -= count;
    }

private:
    held_bytes* whole_;
    std::size_t held_ = 0;
};

}  // namespace userinfo::h2
