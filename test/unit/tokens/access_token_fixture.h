// Access tokens of one key, "ours", and the means to make others.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "support/manual_clock.h"
#include "support/token_forge.h"
#include "tokens/access_token.h"

namespace userinfo::test {

class access_token_fixture : public testing::Test {
protected:
    access_token_fixture() { use_our_key({}); }

    void use_our_key(std::optional<timestamp> verify_until) {
        std::vector<access_key> keys;
        keys.push_back({.kid = "ours", .key = copy_of(key_), .signs = true, .verify_until = verify_until});
        keys_.replace(std::make_shared<access_key_set>(std::move(keys)));
    }

    // With our key.
    std::string forged(const boost::json::object& claims, const std::string& header = header_of("ours")) const {
        return forge(key_, header, boost::json::serialize(claims));
    }

    std::optional<token_error> why_refused(const std::string& token) {
        const auto verified = tokens_.verify(token);
        if (verified) return std::nullopt;
        return verified.error();
    }

    access_claims claims() const {
        const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
        return {.subject = uuid::random(),
                .session = uuid::random(),
                .client = "web",
                .amr = {"pwd", "otp"},
                .issued_at = now,
                .expires_at = now + std::chrono::minutes(15),
                .auth_time = now - std::chrono::hours(1),
                .token_id = uuid::random(),
                .generation = 7};
    }

    manual_clock clock_;
    const es256_key key_ = es256_key::generate();
    access_keys keys_;
    access_tokens tokens_{forge_settings, keys_, clock_};
};

}  // namespace userinfo::test
