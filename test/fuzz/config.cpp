// Configuration files: any text gives settings within their bounds, or one line that says what is wrong.
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/input.h"
#include "programs/load_settings.h"

namespace userinfo::programs {
namespace {

using fuzz::require;

// A file in memory, which has a name.
class memory_file {
public:
    memory_file() : descriptor_(::memfd_create("userinfo.yaml", MFD_CLOEXEC)) {}
    ~memory_file() { ::close(descriptor_); }

    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;

    void write(std::string_view text) const {
        require(::ftruncate(descriptor_, 0) == 0 &&
                    ::pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
                "the file can be written");
    }

    std::string name() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    const int descriptor_;
};

void check_bounds(const settings& loaded) {
    require(loaded.threads <= 1024 && loaded.http.limits.connections >= 1, "numbers keep their bounds");
    require(loaded.http.limits.body_bytes >= 1024 && loaded.http.limits.body_bytes <= 16 << 20,
            "sizes keep their bounds");
    require(loaded.sessions.idle.count() > 0 && loaded.sessions.absolute.count() > 0, "sessions live");
    require(loaded.passwords.shortest >= 8 && loaded.passwords.memory >= 7168, "passwords stay protected");
    require(loaded.keys.master.empty(), "no secret comes from the file");
    require(!loaded.tokens.audience.empty(), "what must not be empty is not");
}

void check(std::string_view text) {
    static const memory_file file;
    file.write(text);
    try {
        settings loaded;
        apply_file(loaded, file.name());
        check_bounds(loaded);
        check_settings(loaded);
    } catch (const config_error& why) {
        require(!std::string_view(why.what()).contains('\n'), "what is wrong is said in one line");
    }
}

}  // namespace
}  // namespace userinfo::programs

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::programs::check(userinfo::fuzz::input(data, size).rest());
    return 0;
}
