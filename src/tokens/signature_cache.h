// Caches which access tokens have a valid signature, because verifying one costs a hundred times a look-up. Expiry and
// keys are still checked at each use. Failures are not cached.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/sha256.h"
#include "base/uuid.h"

namespace userinfo {

// The claims of an access token (RFC 9068 section 2.2), `sid` and `gen`.
struct access_claims {
    uuid subject;
    uuid session;
    std::string client;
    std::vector<std::string> amr;
    std::chrono::sys_seconds issued_at;
    std::chrono::sys_seconds expires_at;
    std::chrono::sys_seconds auth_time;
    uuid token_id;
    std::uint64_t generation = 0;  // of the refresh token that came with it; 0: made before tokens told
    bool for_us = true;            // of a token that was verified: whether it has our issuer and audience
};

using access_claims_ptr = std::shared_ptr<const access_claims>;

// Thread-safe. Keeps about `capacity` tokens, the most recently used ones.
class signature_cache {
public:
    explicit signature_cache(std::size_t capacity);

    // Returns null if the token is not in the cache.
    access_claims_ptr find(const sha256_digest& token);
    void put(const sha256_digest& token, access_claims_ptr claims);

private:
    struct digest_hash {
        std::size_t operator()(const sha256_digest& digest) const noexcept;
    };
    using entries = std::unordered_map<sha256_digest, access_claims_ptr, digest_hash>;

    // When `young` is full, it becomes `old`. Entries of the former `old` that were not used since are dropped.
    struct shard {
        std::mutex mutex;
        entries young, old;
    };

    static constexpr std::size_t shard_count = 16;

    shard& shard_of(const sha256_digest& token) { return shards_[token[31] % shard_count]; }
    void insert(shard& shard, const sha256_digest& token, access_claims_ptr claims);

    const std::size_t generation_size_;
    std::array<shard, shard_count> shards_;
};

}  // namespace userinfo
