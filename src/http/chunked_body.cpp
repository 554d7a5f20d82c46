#include "http/chunked_body.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/hex.h"

namespace userinfo::http {

auto chunked_body::decode(char* data, std::size_t size) -> outcome {
    std::size_t in = 0;
    std::size_t out = 0;
    while (in < size) {
        if (state_ == state::data) {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, size - in));
            std::memmove(data + out, data + in, length);
            in += length;
            out += length;
            chunk_left_ -= length;
            if (chunk_left_ == 0) state_ = state::data_cr;
            continue;
        }
        const auto [status, next] = take(data[in++]);
        state_ = next;
        if (status != status::incomplete) return {status, in, out};
    }
    return {status::incomplete, in, out};
}

auto chunked_body::take(char c) -> step {
    const auto expect = [c](char wanted, state next) -> step {
        return {c == wanted ? status::incomplete : status::malformed, next};
    };
    switch (state_) {
        case state::size: return take_size(c);
        case state::extension:
        case state::trailer:
            if (c == '\r') return {status::incomplete, state_ == state::trailer ? state::trailer_end : state::size_end};
            if (is_control(c) || overhead_left_-- == 0) return {status::malformed, state_};
            return {status::incomplete, state_};
        case state::size_end: return c == '\n' ? begin_data() : step{status::malformed, state_};
        case state::data: break;
        case state::data_cr: return expect('\r', state::data_end);
        case state::data_end: return expect('\n', state::size);
        case state::trailer_start:
            if (c == '\r') return {status::incomplete, state::last_end};
            if (!is_token(c) || overhead_left_-- == 0) return {status::malformed, state_};
            return {status::incomplete, state::trailer};
        case state::trailer_end: return expect('\n', state::trailer_start);
        case state::last_end: return {c == '\n' ? status::complete : status::malformed, state_};
    }
    return {status::malformed, state_};
}

auto chunked_body::take_size(char c) -> step {
    if (const int digit = hex_value(c); digit >= 0) {
        if (++digits_ > 15) return {status::malformed, state_};
        chunk_left_ = chunk_left_ * 16 + static_cast<unsigned>(digit);
        return {status::incomplete, state_};
    }
    if (digits_ == 0) return {status::malformed, state_};
    if (c == '\r') return {status::incomplete, state::size_end};
    return {c == ';' ? status::incomplete : status::malformed, state::extension};
}

auto chunked_body::begin_data() -> step {
    digits_ = 0;
    if (chunk_left_ == 0) return {status::incomplete, state::trailer_start};
    if (chunk_left_ > body_left_) return {status::too_large, state_};
    body_left_ -= static_cast<std::size_t>(chunk_left_);
    return {status::incomplete, state::data};
}

}  // namespace userinfo::http
