#include "rpc/reflection.h"

#include <set>
#include <string>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include "grpc/reflection/v1/reflection.pb.h"
#include "rpc/message_bytes.h"
#include "rpc/method_path.h"

namespace userinfo::rpc {

namespace {

using request = ::grpc::reflection::v1::ServerReflectionRequest;
using response = ::grpc::reflection::v1::ServerReflectionResponse;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

constexpr std::array<std::string_view, 3> services{service_name, "grpc.health.v1.Health",
                                                   "grpc.reflection.v1.ServerReflection"};

void refuse(response& to, h2::status_code code, const std::string& why) {
    to.mutable_error_response()->set_error_code(static_cast<int>(code));
    to.mutable_error_response()->set_error_message(why);
}

// A file and those that it needs, each once.
void add(const FileDescriptor& file, std::set<const FileDescriptor*>& added, response& to) {
    if (!added.insert(&file).second) return;
    google::protobuf::FileDescriptorProto message;
    file.CopyTo(&message);
    to.mutable_file_descriptor_response()->add_file_descriptor_proto(message.SerializeAsString());
    for (int i = 0; i < file.dependency_count(); ++i) add(*file.dependency(i), added, to);
}

void show(const FileDescriptor* file, const std::string& asked, response& to) {
    std::set<const FileDescriptor*> added;
    if (file != nullptr)
        add(*file, added, to);
    else
        refuse(to, h2::status_code::not_found, "'" + asked + "' is not known here");
}

response answer_to(const request& asked) {
    response answer;
    answer.set_valid_host(asked.host());
    *answer.mutable_original_request() = asked;
    const auto& files = *DescriptorPool::generated_pool();
    switch (asked.message_request_case()) {
        case request::kListServices:
            for (const auto name : services)
                answer.mutable_list_services_response()->add_service()->set_name(name.data());
            break;
        case request::kFileByFilename:
            show(files.FindFileByName(asked.file_by_filename()), asked.file_by_filename(), answer);
            break;
        case request::kFileContainingSymbol:
            show(files.FindFileContainingSymbol(asked.file_containing_symbol()), asked.file_containing_symbol(),
                 answer);
            break;
        case request::kFileContainingExtension:
        case request::kAllExtensionNumbersOfType:
            refuse(answer, h2::status_code::not_found, "there are no extensions");
            break;
        case request::MESSAGE_REQUEST_NOT_SET:
            refuse(answer, h2::status_code::invalid_argument, "nothing is asked for");
            break;
    }
    return answer;
}

}  // namespace

task<void> reflect(h2::server_call& call, std::chrono::milliseconds time) {
    call.end_at(std::chrono::steady_clock::now() + time);
    while (const auto message = co_await call.read()) {
        request asked;
        if (!parse(asked, *message)) {
            call.finish({.code = h2::status_code::invalid_argument, .message = "not a request"});
            co_return;
        }
        call.write(answer_to(asked).SerializeAsString());
    }
    call.finish({});
}

}  // namespace userinfo::rpc
