#include "tokens/access_keys.h"

#include <algorithm>
#include <stdexcept>

#include "base/base64.h"
#include "base/json_writer.h"

namespace userinfo {

namespace {

std::string header_of(const std::string& kid) {
    std::string header;
    json_writer(header).begin_object().member("alg", "ES256").member("kid", kid).member("typ", "at+jwt").end_object();
    return to_base64url(header);
}

}  // namespace

access_key_set::access_key_set(std::vector<access_key> keys, const std::vector<std::string>& gone)
    : keys_(std::move(keys)) {
    for (auto& key : keys_) key.encoded_header = header_of(key.kid);
    for (const auto& kid : gone) gone_headers_.push_back(header_of(kid));
}

const access_key& access_key_set::signing_key() const {
    const auto key = std::ranges::find_if(keys_, &access_key::signs);
    if (key == keys_.end()) throw std::logic_error("no access key signs");
    return *key;
}

const access_key* access_key_set::find_by_header(std::string_view encoded_header) const {
    const auto key = std::ranges::find(keys_, encoded_header, &access_key::encoded_header);
    return key == keys_.end() ? nullptr : &*key;
}

bool access_key_set::names_gone_key(std::string_view encoded_header) const {
    return std::ranges::find(gone_headers_, encoded_header) != gone_headers_.end();
}

std::string access_key_set::jwks() const {
    std::string text;
    json_writer json(text);
    json.begin_object().name("keys").begin_array();
    for (const auto& key : keys_) {
        if (key.verify_until == timestamp::min()) continue;
        json.begin_object()
            .member("kty", "EC")
            .member("crv", "P-256")
            .member("x", key.key.x())
            .member("y", key.key.y())
            .member("kid", key.kid)
            .member("use", "sig")
            .member("alg", "ES256")
            .end_object();
    }
    json.end_array().end_object();
    return text;
}

}  // namespace userinfo
