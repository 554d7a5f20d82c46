#include "net/refused_connections.h"

#include "base/log.h"

namespace userinfo::net {

namespace {

const char* label_of(refusal why) {
    switch (why) {
        case refusal::full: return "full";
        case refusal::source: return "source";
        case refusal::displaced: return "displaced";
        case refusal::unproven: return "unproven";
    }
    return "";
}

const char* message_of(refusal why) {
    switch (why) {
        case refusal::full: return "refusing connections: all places are taken";
        case refusal::source: return "refusing connections: their source has its share of the places";
        case refusal::displaced: return "closing connections that have not proven themselves, because others come";
        case refusal::unproven: return "closing connections that have not proven themselves in time";
    }
    return "";
}

}  // namespace

refused_connections::refused_connections(metrics& metrics, std::string_view listener,
                                         std::initializer_list<refusal> reasons)
    : listener_(listener) {
    for (const auto why : reasons) {
        figures_[static_cast<std::size_t>(why)].total =
            &metrics.counter("userinfo_connections_refused_total", "Connections refused or closed because of a limit.",
                             {{"listener", listener}, {"reason", label_of(why)}});
    }
}

void refused_connections::count(refusal why, const connection_source& source) {
    auto& figures = figures_[static_cast<std::size_t>(why)];
    figures.total->add();
    ++figures.since_last_line;
    if (!figures.line.is_time(std::chrono::steady_clock::now())) return;
    const auto text = to_string(source);
    log_warning(message_of(why), {{"listener", std::string_view(listener_)},
                                  {"source", std::string_view(text)},
                                  {"connections", static_cast<std::int64_t>(figures.since_last_line.exchange(0))}});
}

}  // namespace userinfo::net
