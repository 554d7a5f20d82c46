#include "discovery/library_log.h"

#include <string_view>

#include <grpc/support/log.h>

#include "base/log.h"

namespace userinfo::discovery {

void log_what_grpc_says() {
    gpr_set_log_function([](gpr_log_func_args* said) {
        log_debug("gRPC says", {{"text", std::string_view(said->message)}, {"file", std::string_view(said->file)}});
    });
}

}  // namespace userinfo::discovery
