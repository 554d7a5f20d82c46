#include "rpc/completion.h"

#include <grpcpp/completion_queue.h>
#include <pthread.h>

namespace userinfo::rpc {

queue_thread::queue_thread(grpc::CompletionQueue& queue, const std::string& name)
    : thread_([&queue] {
          void* tag = nullptr;
          bool ok = false;
          while (queue.Next(&tag, &ok)) static_cast<completion*>(tag)->complete(ok);
      }) {
    pthread_setname_np(thread_.native_handle(), name.c_str());
}

queue_thread::~queue_thread() { thread_.join(); }

}  // namespace userinfo::rpc
