// Decodes the chunked transfer coding (RFC 9112, section 7.1) in place, in pieces of any size.
#pragma once

#include <cstddef>
#include <cstdint>

namespace userinfo::http {

class chunked_body {
public:
    enum class status { incomplete, complete, malformed, too_large };

    struct outcome {
        chunked_body::status status;
        std::size_t consumed;  // bytes of the input; all of it while incomplete
        std::size_t produced;  // bytes of the body
    };

    // `limit` is the maximum size of the decoded body, in bytes.
    explicit chunked_body(std::size_t limit) : body_left_(limit) {}

    // Decodes `size` bytes in place: the decoded bytes move to the front of `data`. Chunk extensions and trailer fields
    // are dropped.
    outcome decode(char* data, std::size_t size);

private:
    enum class state {
        size,
        extension,
        size_end,
        data,
        data_cr,
        data_end,
        trailer_start,
        trailer,
        trailer_end,
        last_end
    };

    struct step {
        chunked_body::status status;
        state next;
    };

    step begin_data();
    step take_size(char c);
    step take(char c);

    state state_ = state::size;
    std::size_t body_left_;
    std::size_t overhead_left_ = 8192;  // bytes left for extensions and trailer fields
    std::uint64_t chunk_left_ = 0;
    unsigned digits_ = 0;
};

}  // namespace userinfo::http
