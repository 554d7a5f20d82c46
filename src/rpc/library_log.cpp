#include "rpc/library_log.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/stubs/logging.h>

#include "base/log.h"

namespace userinfo::rpc {

void log_what_protobuf_says() {
    google::protobuf::SetLogHandler([](google::protobuf::LogLevel level, const char* file, int line,
                                       const std::string& said) {
        write_log(level == google::protobuf::LOGLEVEL_FATAL ? log_level::error : log_level::debug, nullptr,
                  "protobuf says",
                  {{"text", std::string_view(said)}, {"file", std::string_view(file)}, {"line", std::int64_t(line)}});
    });
}

}  // namespace userinfo::rpc
