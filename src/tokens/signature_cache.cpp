#include "tokens/signature_cache.h"

#include <algorithm>
#include <cstring>

namespace userinfo {

std::size_t signature_cache::digest_hash::operator()(const sha256_digest& digest) const noexcept {
    std::size_t h = 0;
    std::memcpy(&h, digest.data(), sizeof h);
    return h;
}

signature_cache::signature_cache(std::size_t capacity)
    : generation_size_(std::max<std::size_t>(1, capacity / shard_count / 2)) {}

access_claims_ptr signature_cache::find(const sha256_digest& token) {
    auto& shard = shard_of(token);
    const std::scoped_lock lock(shard.mutex);
    if (const auto hit = shard.young.find(token); hit != shard.young.end()) return hit->second;
    const auto hit = shard.old.find(token);
    if (hit == shard.old.end()) return nullptr;
    auto claims = std::move(hit->second);
    shard.old.erase(hit);
    insert(shard, token, claims);
    return claims;
}

void signature_cache::put(const sha256_digest& token, access_claims_ptr claims) {
    auto& shard = shard_of(token);
    const std::scoped_lock lock(shard.mutex);
    insert(shard, token, std::move(claims));
}

void signature_cache::insert(shard& shard, const sha256_digest& token, access_claims_ptr claims) {
    if (shard.young.size() >= generation_size_) {
        shard.old = std::move(shard.young);
        shard.young = {};
    }
    shard.young.insert_or_assign(token, std::move(claims));
}

}  // namespace userinfo
