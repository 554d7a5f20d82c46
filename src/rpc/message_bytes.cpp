#include "rpc/message_bytes.h"

#include <cstdint>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "base/wipe.h"

namespace userinfo::rpc {

namespace {

using field = google::protobuf::FieldDescriptor;
using message = google::protobuf::Message;

// Reflection returns a const reference to the stored string.
void wipe_text(const std::string& text) { wipe(const_cast<char*>(text.data()), text.size()); }

void wipe_field(message& from, const field& each) {
    const auto& look = *from.GetReflection();
    const int count = each.is_repeated() ? look.FieldSize(from, &each) : 1;
    for (int i = 0; i < count; ++i) {
        std::string unused;
        if (each.cpp_type() == field::CPPTYPE_STRING)
            wipe_text(each.is_repeated() ? look.GetRepeatedStringReference(from, &each, i, &unused)
                                         : look.GetStringReference(from, &each, &unused));
        else if (each.cpp_type() == field::CPPTYPE_MESSAGE)
            wipe_fields(each.is_repeated() ? *look.MutableRepeatedMessage(&from, &each, i)
                                           : *look.MutableMessage(&from, &each));
    }
}

}  // namespace

secret_string serialize(const message& from) {
    secret_string bytes;
    bytes.resize(from.ByteSizeLong());
    from.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(bytes.bytes().data()));
    return bytes;
}

bool parse(message& into, const secret_string& bytes) {
    return into.ParseFromArray(bytes.view().data(), static_cast<int>(bytes.size()));
}

void wipe_fields(message& from) {
    std::vector<const field*> present;
    from.GetReflection()->ListFields(from, &present);
    for (const auto* const each : present) wipe_field(from, *each);
}

}  // namespace userinfo::rpc
