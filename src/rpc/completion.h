// What gRPC's completion queues need of a thread: an operation that is over is told so, and goes on where it began.
#pragma once

#include <string>
#include <thread>

namespace grpc {
class CompletionQueue;
}

namespace userinfo::rpc {

// An operation that gRPC works on; its address is the operation's tag. It lives until it is complete.
class completion {
public:
    // On the queue's thread: must only hand over. `ok` is false if there was no more to do: the call or the queue has
    // ended.
    virtual void complete(bool ok) = 0;

protected:
    completion() = default;
    completion(const completion&) = delete;
    completion& operator=(const completion&) = delete;
    ~completion() = default;
};

// Waits for one queue's completions. Ends when the queue was shut down and is empty.
class queue_thread {
public:
    // `queue` must outlive it. `name` is the thread's, at most 15 bytes.
    queue_thread(grpc::CompletionQueue& queue, const std::string& name);

    // Joins.
    ~queue_thread();

    queue_thread(const queue_thread&) = delete;
    queue_thread& operator=(const queue_thread&) = delete;

private:
    std::thread thread_;
};

}  // namespace userinfo::rpc
