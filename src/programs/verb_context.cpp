#include "programs/verb_context.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "base/log.h"
#include "base/unicode.h"
#include "keys/key_material.h"
#include "keys/key_rules.h"
#include "programs/master_key_file.h"

namespace userinfo::programs {

std::string cli_actor() { return "cli:" + std::to_string(::getuid()); }

int report(const error& why) {
    flush_log();  // what led to the error comes before it
    fmt::print(stderr, "userinfo: {}\n", printable(why.message));
    return refused;
}

void load_internal_key(verb_context& context, const settings& settings, internal_key& into) {
    const auto keys = context.run(context.stores.keys.list_live());
    if (!keys) throw std::runtime_error(keys.error().message);
    const auto stored = std::ranges::find(*keys, key_purpose::internal, &stored_key::purpose);
    if (stored == keys->end()) throw std::runtime_error(no_keys_yet().message);
    const auto opened = open_key(*stored, load_master_keys(settings, missing_key::refuse));
    if (!opened) throw std::runtime_error(opened.error().message);
    into.set(std::get<symmetric_key>(*opened).bytes);
}

}  // namespace userinfo::programs
