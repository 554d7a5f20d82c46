// One codec for each use case: the method of the contract that carries it, and the conversions between the use case and
// the messages of that method. A use case without a codec does not compile, nor does a codec with a method that the
// contract does not have.
//
// A codec has these functions; use cases that reply nothing lack the last two:
//
//     request encode(UseCase);                                // in the client
//     result<UseCase> decode(request);                        // in the server; an error goes to the client
//     response encode_reply(const UseCase::reply&);           // in the server
//     std::optional<UseCase::reply> decode_reply(response);   // in the client; empty: the service broke the contract
//
// The fields of a request with a password are wiped after use (request_bytes.h). So `decode` takes it by const
// reference, and `encode` assigns the password: a setter of protobuf would leave a copy behind.
#pragma once

#include <optional>

#include <google/protobuf/service.h>

#include "rpc/messages.h"
#include "service/use_cases.h"
#include "userinfo/v1/userinfo.pb.h"

namespace userinfo::rpc {

template <class UseCase>
struct codec;

template <class Method>
struct messages_of;

template <class Request, class Response>
struct messages_of<void (v1::Userinfo::*)(google::protobuf::RpcController*, const Request*, Response*,
                                          google::protobuf::Closure*)> {
    using request = Request;
    using response = Response;
};

// The messages of a method of the contract.
template <auto Method>
struct carried_by : messages_of<decltype(Method)> {};

template <auto Method>
struct replies_nothing : carried_by<Method> {};

template <auto Method>
struct replies_tokens : carried_by<Method> {
    using response = carried_by<Method>::response;

    static response encode_reply(const token_grant& grant) {
        response reply;
        *reply.mutable_grant() = to_message(grant);
        return reply;
    }
    static std::optional<token_grant> decode_reply(const response& reply) { return from_message(reply.grant()); }
};

}  // namespace userinfo::rpc
