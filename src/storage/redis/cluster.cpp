#include "storage/redis/cluster.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/log.h"
#include "base/timer.h"

namespace userinfo::redis {

namespace {

using steady = std::chrono::steady_clock;

constexpr int most_redirections = 5;
constexpr std::chrono::milliseconds follow_interval{100};
constexpr std::chrono::seconds complaint_interval{10};

// Precedes a command for a node that is importing the slot.
constexpr std::string_view asking = "*1\r\n$6\r\nASKING\r\n";

}  // namespace

struct cluster::topology {
    slot_map slots;
    std::vector<cluster_node*> nodes;  // in the order of slots.nodes()

    // Null if no node serves the slot.
    cluster_node* primary_of(std::uint16_t slot) const {
        const auto place = slots.primary_of(slot);
        return place ? nodes[*place] : nullptr;
    }

    bool has_primary_aside() const {
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (nodes[i]->is_aside() && slots.is_primary(i)) return true;
        }
        return false;
    }
};

// The connections of one io_context and its view of the topology, used on its thread only.
class cluster::context_connections {
public:
    context_connections(asio::io_context& context, const cluster& whole, const cluster_settings& settings)
        : context_(context),
          whole_(whole),
          plain_{.password = settings.password, .time_limit = settings.time_limit},
          waiting_{
              .password = settings.password, .time_limit = settings.confirmation_limit, .waits_for_replicas = true} {}

    asio::io_context& context() { return context_; }

    // Null if no node is known to serve the slot.
    cluster_node* primary_of(std::uint16_t slot) {
        if (version_ != whole_.version_.load(std::memory_order_acquire)) known_ = whole_.current_topology(version_);
        return known_ ? known_->primary_of(slot) : nullptr;
    }

    // Valid until this coroutine suspends.
    connection& connection_to(cluster_node& node, bool waits_for_replicas) {
        auto& connections = waits_for_replicas ? waiting_connections_ : plain_connections_;
        if (connections.size() <= node.number()) connections.resize(node.number() + 1);
        auto& made = connections[node.number()];
        if (!made || made->is_closed()) {
            made = connection::open(context_.get_executor(), node, waits_for_replicas ? waiting_ : plain_);
        }
        return *made;
    }

    // Opens a connection that nobody else uses. Valid until the next call.
    connection& open_probe(cluster_node& node) {
        probe_ = connection::open(context_.get_executor(), node, plain_);
        return *probe_;
    }

private:
    asio::io_context& context_;
    const cluster& whole_;
    const connection_options plain_, waiting_;
    std::uint64_t version_ = 0;  // of known_
    std::shared_ptr<const topology> known_;
    std::vector<std::shared_ptr<connection>> plain_connections_, waiting_connections_;  // by node number
    std::shared_ptr<connection> probe_;
};

cluster::cluster(cluster_settings settings, const std::vector<asio::io_context*>& contexts, metrics& metrics)
    : settings_(std::move(settings)), figures_(metrics) {
    for (auto* context : contexts)
        connections_.push_back(std::make_unique<context_connections>(*context, *this, settings_));
    metrics.gauge("userinfo_redis_nodes_aside", "Redis nodes that do not answer and are not asked just now",
                  [this] { return static_cast<double>(count_aside()); });
}

cluster::~cluster() = default;

cluster::context_connections* cluster::connections_of(const io_executor& executor) const {
    for (const auto& each : connections_) {
        if (&each->context() == &executor.context()) return each.get();
    }
    return nullptr;
}

task<answer> cluster::ask(std::string_view key, std::string command) {
    co_return only_answer(co_await dispatch(
        {.slot = slot_of(key), .commands = std::move(command), .replies = 1, .waits_for_replicas = false}));
}

task<answer> cluster::run(const script& script, std::string_view key, std::vector<std::string> arguments) {
    std::vector<std::string_view> words{"EVALSHA", script.name(), "1", key};
    words.insert(words.end(), arguments.begin(), arguments.end());
    question asked{.slot = slot_of(key), .commands = command(words), .replies = 1, .waits_for_replicas = false};
    auto got = co_await dispatch(asked);
    if (got && got->front().error().starts_with("NOSCRIPT")) {
        words[0] = "EVAL";
        words[1] = script.text();
        asked.commands = command(words);
        got = co_await dispatch(std::move(asked));
    }
    co_return only_answer(std::move(got));
}

task<bool> cluster::ask_confirmed(std::string_view key, std::string written) {
    // Half of the limit, so that Redis reports a missing replica before the limit.
    const auto patience = std::to_string(settings_.confirmation_limit.count() / 2);
    const auto got = co_await dispatch({.slot = slot_of(key),
                                        .commands = written + command({"WAIT", "1", patience}),
                                        .replies = 2,
                                        .waits_for_replicas = true});
    if (!got) co_return false;
    const reply_part& first = got->front();
    if (first.is_error()) {
        count_declined(first);
        co_return false;
    }
    co_return got->back().integer().value_or(0) >= 1;
}

task<answers> cluster::dispatch(question question) {
    const auto executor = co_await asio::this_coro::executor;
    if (auto* here = connections_of(executor)) co_return co_await dispatch_on(*here, std::move(question));
    auto& first = *connections_.front();
    co_return co_await asio::co_spawn(first.context().get_executor(), dispatch_on(first, std::move(question)),
                                      use_task);
}

task<answers> cluster::dispatch_on(context_connections& here, question question) {
    figures_.count_command();
    auto got = co_await try_nodes(here, question);
    if (!got) {
        figures_.count(got.error());
        wants_refresh_.store(true, std::memory_order_relaxed);
    }
    co_return got;
}

task<answers> cluster::try_nodes(context_connections& here, const question& question) {
    auto* node = here.primary_of(question.slot);
    bool is_asking = false;
    for (int i = 0; i <= most_redirections; ++i) {
        if (node == nullptr || node->is_aside()) co_return std::unexpected(failure::nobody);
        auto& link = here.connection_to(*node, question.waits_for_replicas);
        auto got = is_asking ? co_await link.ask(std::string(asking) + question.commands, question.replies + 1)
                             : co_await link.ask(question.commands, question.replies);
        if (!got) co_return got;
        if (is_asking) got->erase(got->begin());
        const reply_part& first = got->front();
        if (!first.is_error()) co_return got;
        const auto refused = read_refusal(first.error(), node->where());
        switch (refused.what) {
            case refusal::kind::other: co_return got;
            case refusal::kind::not_now: co_return std::unexpected(failure::declined);
            case refusal::kind::moved: wants_refresh_.store(true, std::memory_order_relaxed); break;
            case refusal::kind::ask: break;
        }
        is_asking = refused.what == refusal::kind::ask;
        node = &node_at(refused.to);
    }
    co_return std::unexpected(failure::declined);
}

answer cluster::only_answer(answers got) {
    if (!got) return std::unexpected(got.error());
    const reply_part& first = got->front();
    if (!first.is_error()) return std::move(got->front());
    count_declined(first);
    return std::unexpected(failure::declined);
}

void cluster::count_declined(const reply_part& error) {
    figures_.count(failure::declined);
    complain(error.error());
}

// Logs the first word only, because Redis's message may continue with the command.
void cluster::complain(std::string_view error) {
    const auto now = steady::now();
    if (now - complained_at_.load(std::memory_order_relaxed) < complaint_interval) return;
    complained_at_.store(now, std::memory_order_relaxed);
    log_warning("Redis rejected a command", {{"error", error.substr(0, error.find(' '))}});
}

task<bool> cluster::load() {
    auto& first = *connections_.front();
    co_return co_await asio::co_spawn(first.context().get_executor(), refresh(first), use_task);
}

task<void> cluster::follow() {
    auto* here = connections_of(co_await asio::this_coro::executor);
    if (here != connections_.front().get())
        throw std::logic_error("redis::cluster::follow: not on the first io_context");
    auto next_refresh = steady::now();
    for (;;) {
        co_await probe_nodes(*here);
        if (wants_refresh_.exchange(false) || steady::now() >= next_refresh) {
            if (!co_await refresh(*here)) wants_refresh_ = true;
            next_refresh = steady::now() + settings_.refresh_interval;
        }
        co_await sleep_until(steady::now() + follow_interval);
    }
}

task<bool> cluster::refresh(context_connections& here) {
    const auto nodes = known_nodes();
    const auto begin = asked_last_ + 1;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        asked_last_ = (begin + i) % nodes.size();
        auto& node = *nodes[asked_last_];
        if (!node.is_aside() && co_await refresh_from(here, node)) co_return true;
    }
    co_return false;
}

task<bool> cluster::refresh_from(context_connections& here, cluster_node& node) {
    const auto got = co_await here.connection_to(node, false).ask(command({"CLUSTER", "SLOTS"}), 1);
    if (!got) co_return false;
    const reply_part& slots = got->front();
    if (slots.is_error()) {
        complain(slots.error());
        co_return false;
    }
    auto parsed = slot_map::parse(slots, node.where());
    if (!parsed) co_return false;
    publish(std::move(*parsed));
    co_return true;
}

void cluster::publish(slot_map slots) {
    std::vector<cluster_node*> nodes;
    for (const auto& where : slots.nodes()) nodes.push_back(&node_at(where));
    const std::scoped_lock lock(mutex_);
    if (topology_ && topology_->slots == slots) return;
    topology_ = std::make_shared<const topology>(topology{.slots = std::move(slots), .nodes = std::move(nodes)});
    version_.fetch_add(1, std::memory_order_release);
}

// The nodes that are in the cluster now, and the seeds, in case the cluster has moved.
std::vector<cluster_node*> cluster::known_nodes() {
    std::vector<cluster_node*> known;
    for (const auto& seed : settings_.seeds) known.push_back(&node_at(seed));
    const std::scoped_lock lock(mutex_);
    if (topology_) known.insert(known.end(), topology_->nodes.begin(), topology_->nodes.end());
    std::ranges::sort(known);
    const auto rest = std::ranges::unique(known);
    known.erase(rest.begin(), rest.end());
    return known;
}

task<void> cluster::probe_nodes(context_connections& here) {
    for (auto* node : known_nodes()) {
        if (node->wants_probe(steady::now())) co_await probe(here, *node);
    }
    std::uint64_t version = 0;
    const auto known = current_topology(version);
    // Its replica is about to take over.
    if (known && known->has_primary_aside()) wants_refresh_ = true;
}

task<void> cluster::probe(context_connections& here, cluster_node& node) {
    auto& link = here.open_probe(node);
    const auto got = co_await link.ask(command({"PING"}), 1);
    link.close();
    const bool answered = got && !got->front().is_error();
    node.probed(answered, steady::now());
    if (!answered) co_return;
    wants_refresh_ = true;
    log_info("a Redis node answers again", {{"node", node.where().to_string()}});
}

std::shared_ptr<const cluster::topology> cluster::current_topology(std::uint64_t& version) const {
    const std::scoped_lock lock(mutex_);
    version = version_.load(std::memory_order_relaxed);
    return topology_;
}

cluster_node& cluster::node_at(const endpoint& where) {
    const std::scoped_lock lock(mutex_);
    for (const auto& node : nodes_) {
        if (node->where() == where) return *node;
    }
    return *nodes_.emplace_back(std::make_unique<cluster_node>(where, nodes_.size()));
}

std::size_t cluster::count_aside() {
    const auto known = known_nodes();
    return static_cast<std::size_t>(std::ranges::count_if(known, [](const auto* node) { return node->is_aside(); }));
}

}  // namespace userinfo::redis
