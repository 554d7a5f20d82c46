#include "discovery/service_instance.h"

#include <cstdint>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/port.h"

namespace userinfo::discovery {

namespace {

namespace json = boost::json;

constexpr std::int64_t greatest_weight = 1000;
constexpr std::size_t longest_address = 260;

// Accepts no gRPC scheme other than unix, and nothing longer than a host name with a port.
bool is_address(std::string_view text) {
    if (text.size() > longest_address) return false;
    if (text.starts_with("unix:/")) return true;
    const auto colon = text.rfind(':');
    if (colon == 0 || colon == std::string_view::npos || text.starts_with("[]") || text.contains('/')) return false;
    return parse_port(text.substr(colon + 1)).has_value();
}

const json::string* text_of(const json::object& object, std::string_view name) {
    const auto* const value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_string();
}

}  // namespace

std::string to_text(const service_instance& instance) {
    return json::serialize(
        json::object{{"address", instance.address}, {"version", instance.version}, {"weight", instance.weight}});
}

std::optional<service_instance> parse_instance(std::string_view text) {
    json::error_code failed;
    const auto parsed = json::parse(text, failed);
    const auto* const object = failed ? nullptr : parsed.if_object();
    if (object == nullptr) return std::nullopt;
    const auto* const address = text_of(*object, "address");
    const auto* const version = text_of(*object, "version");
    const auto* const weight = object->if_contains("weight");
    const auto* const number = weight == nullptr ? nullptr : weight->if_int64();
    if (address == nullptr || !is_address(*address) || version == nullptr) return std::nullopt;
    if (number == nullptr || *number < 1 || *number > greatest_weight) return std::nullopt;
    return service_instance{
        .address = std::string(*address), .version = std::string(*version), .weight = static_cast<unsigned>(*number)};
}

}  // namespace userinfo::discovery
