#include "keys/key_material.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace userinfo {
namespace {

constexpr int many = 64;

TEST(key_material, of_a_mac_is_256_random_bits) {
    const auto master = master_key::generate();
    const test::manual_clock clock;
    for (const auto purpose : {key_purpose::refresh, key_purpose::internal}) {
        std::set<decltype(symmetric_key::bytes)> made;
        for (int i = 0; i < many; ++i) {
            const auto key = make_key(purpose, key_state::active, master, clock.now(), clock.now());
            made.insert(std::get<symmetric_key>(open_key(key, master_keys(master)).value()).bytes);
        }
        EXPECT_EQ(made.size(), static_cast<std::size_t>(many));
        EXPECT_EQ(made.begin()->size() * 8, 256u);
        for (std::size_t i = 0; i < made.begin()->size(); ++i) {
            EXPECT_TRUE(std::ranges::any_of(made, [&](const auto& key) { return key[i] != (*made.begin())[i]; })) << i;
        }
    }
}

TEST(key_material, of_a_signature_differs_each_time) {
    const auto master = master_key::generate();
    const test::manual_clock clock;
    std::set<std::string> kids;
    for (int i = 0; i < many; ++i) {
        kids.insert(make_key(key_purpose::access, key_state::active, master, clock.now(), clock.now()).kid);
    }
    EXPECT_EQ(kids.size(), static_cast<std::size_t>(many));
}

}  // namespace
}  // namespace userinfo
