#include "rpc/reflection.h"

#include <chrono>
#include <future>
#include <set>

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "grpc/reflection/v1/reflection.pb.h"
#include "rpc/message_bytes.h"
#include "support/http2_client.h"
#include "support/scripted_rpc.h"

namespace userinfo::rpc {
namespace {

using namespace test;
using request = ::grpc::reflection::v1::ServerReflectionRequest;
using response = ::grpc::reflection::v1::ServerReflectionResponse;

class reflection : public testing::Test {
protected:
    response ask(const request& asked) {
        const auto reply = caller_.ask({.path = reflection_paths[0], .message = asked.SerializeAsString()});
        EXPECT_TRUE(reply.status.is_ok()) << reply.status.message;
        response answer;
        EXPECT_TRUE(parse(answer, reply.message));
        return answer;
    }

    scripted_rpc server_{[](auto& call) { return reflect(call); }};
    rpc_caller caller_{server_.target()};
};

std::set<std::string> files_of(const response& answer) {
    std::set<std::string> names;
    for (const auto& bytes : answer.file_descriptor_response().file_descriptor_proto()) {
        google::protobuf::FileDescriptorProto file;
        EXPECT_TRUE(file.ParseFromString(bytes));
        EXPECT_TRUE(names.insert(file.name()).second) << file.name();
    }
    return names;
}

// Of all files that one of them needs, each is there.
bool is_complete(const response& answer) {
    const auto names = files_of(answer);
    for (const auto& bytes : answer.file_descriptor_response().file_descriptor_proto()) {
        google::protobuf::FileDescriptorProto file;
        file.ParseFromString(bytes);
        for (const auto& needed : file.dependency())
            if (!names.contains(needed)) return false;
    }
    return true;
}

TEST_F(reflection, lists_the_services) {
    request asked;
    asked.set_list_services("");
    std::set<std::string> names;
    for (const auto& service : ask(asked).list_services_response().service()) names.insert(service.name());
    EXPECT_EQ(names, (std::set<std::string>{"userinfo.v1.Userinfo", "grpc.health.v1.Health",
                                            "grpc.reflection.v1.ServerReflection"}));
}

TEST_F(reflection, knows_a_file_of_every_service_that_it_lists) {
    request list;
    list.set_list_services("");
    for (const auto& service : ask(list).list_services_response().service()) {
        request asked;
        asked.set_file_containing_symbol(service.name());
        EXPECT_TRUE(ask(asked).has_file_descriptor_response()) << service.name();
    }
}

TEST_F(reflection, gives_the_file_of_a_symbol_with_those_that_it_needs) {
    request asked;
    asked.set_host("a host");
    for (const auto* const symbol :
         {"userinfo.v1.Userinfo", "userinfo.v1.Userinfo.Login", "userinfo.v1.LoginRequest"}) {
        asked.set_file_containing_symbol(symbol);
        const auto answer = ask(asked);
        EXPECT_TRUE(files_of(answer).contains("userinfo/v1/userinfo.proto")) << symbol;
        EXPECT_GT(files_of(answer).size(), 1U);
        EXPECT_TRUE(is_complete(answer));
        EXPECT_EQ(answer.valid_host(), "a host");
        EXPECT_EQ(answer.original_request().file_containing_symbol(), symbol);
    }
}

TEST_F(reflection, gives_a_file_by_its_name) {
    request asked;
    asked.set_file_by_filename("grpc/health/v1/health.proto");
    EXPECT_EQ(files_of(ask(asked)), std::set<std::string>{"grpc/health/v1/health.proto"});
}

TEST_F(reflection, says_what_it_does_not_know) {
    request asked;
    asked.set_file_containing_symbol("userinfo.v1.Nothing");
    EXPECT_EQ(ask(asked).error_response().error_code(), 5);
    EXPECT_TRUE(ask(asked).error_response().error_message().contains("userinfo.v1.Nothing"));
    asked.set_file_by_filename("nothing.proto");
    EXPECT_EQ(ask(asked).error_response().error_code(), 5);
    asked.set_all_extension_numbers_of_type("userinfo.v1.LoginRequest");
    EXPECT_EQ(ask(asked).error_response().error_code(), 5);
    EXPECT_EQ(ask({}).error_response().error_code(), 3);
}

TEST_F(reflection, understands_no_rubbish) {
    const auto reply = caller_.ask({.path = reflection_paths[1], .message = "\xff\xff"});
    EXPECT_EQ(reply.status.code, h2::status_code::invalid_argument);
}

TEST_F(reflection, ends_after_its_time_with_a_status_that_asks_to_open_it_again) {
    const scripted_rpc short_lived([](auto& call) { return reflect(call, std::chrono::milliseconds(1)); });
    http2_client client(short_lived.local_address());
    request asked;
    asked.set_list_services("");
    const auto& answers = client.call_open(reflection_paths[0], asked.SerializeAsString());
    ASSERT_TRUE(client.finish(answers));
    EXPECT_EQ(answers.messages.size(), 1U);
    EXPECT_EQ(answers.fields.at("grpc-status"), "14");
}

TEST_F(reflection, does_not_hold_a_server_that_drains) {
    request asked;
    asked.set_list_services("");
    http2_client client(server_.local_address());
    const auto& answers = client.call_open(reflection_paths[1], asked.SerializeAsString());
    ASSERT_TRUE(client.receive_until([&] { return answers.messages.size() == 1; }));
    const auto begin = std::chrono::steady_clock::now();
    auto drained = std::async(std::launch::async, [this] { server_.drain(std::chrono::seconds(20)); });
    EXPECT_TRUE(client.finish(answers));
    EXPECT_EQ(answers.fields.at("grpc-status"), "0");
    drained.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace userinfo::rpc
