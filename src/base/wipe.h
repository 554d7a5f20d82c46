// Overwrites memory that held a secret before anything else can read it: a core dump, a debugger, swap, or an
// out-of-bounds read elsewhere in the program.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

namespace userinfo {

// The compiler does not optimize these writes away.
void wipe(void* memory, std::size_t size);

inline void wipe(std::span<char> memory) { wipe(memory.data(), memory.size()); }

// Overwrites 16 KB of the calling thread's stack below the caller. Call it after a library function that works on a
// secret, because parsers and hash functions copy parts of their input into local variables and do not wipe them.
void wipe_stack();

// Allocates from `Upstream` and wipes memory before it is returned, also when a container grows or shrinks.
template <class T, class Upstream = std::allocator<T>>
class wiping_allocator {
public:
    static_assert(std::is_trivially_copyable_v<T>, "nothing but its bytes is wiped");

    using value_type = T;
    using is_always_equal = std::true_type;
    using propagate_on_container_move_assignment = std::true_type;

    template <class U>
    struct rebind {
        using other = wiping_allocator<U, typename std::allocator_traits<Upstream>::template rebind_alloc<U>>;
    };

    T* allocate(std::size_t count) { return Upstream().allocate(count); }

    void deallocate(T* memory, std::size_t count) {
        wipe(memory, count * sizeof(T));
        Upstream().deallocate(memory, count);
    }

    friend bool operator==(const wiping_allocator&, const wiping_allocator&) { return true; }
};

}  // namespace userinfo
