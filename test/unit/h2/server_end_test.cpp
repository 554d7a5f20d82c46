// The end of a server on contexts that do not all run any more.
#include <optional>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

#include "h2/server.h"

namespace userinfo::h2 {
namespace {

class nobody final : public call_handler {
public:
    task<void> answer(server_call&) override { co_return; }
    void ended_unanswered(const server_call&) override {}
};

TEST(h2_server, leaves_nothing_of_itself_to_a_context_that_does_not_run) {
    nobody handler;
    metrics metrics;
    net::refused_connections refused(metrics, "test", server::refusals);
    counter& idle_ended = metrics.counter("idle_ended", "");
    asio::io_context never_runs;  // what is posted to it goes when it goes, last of all
    std::optional<asio::io_context> runs(std::in_place, 1);
    {
        auto work = asio::make_work_guard(*runs);
        const std::jthread thread([&] { runs->run(); });
        const server ended(net::bound_socket(net::address::parse("127.0.0.1:0")), nullptr, handler,
                           {&*runs, &never_runs}, refused, idle_ended);
        work.reset();
    }
    runs.reset();
}

}  // namespace
}  // namespace userinfo::h2
