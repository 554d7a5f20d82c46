#include "discovery/watcher.h"

#include <utility>

#include "base/log.h"
#include "discovery/etcd.grpc.pb.h"
#include "discovery/etcd_calls.h"
#include "discovery/keys.h"

namespace userinfo::discovery {

namespace {

constexpr std::chrono::seconds time_limit{1};
constexpr std::chrono::milliseconds watch_pause{100};

}  // namespace

watcher::watcher(const etcd_settings& settings, std::function<void(std::vector<service_instance>)> changed)
    : prefix_(services_prefix(settings.prefix)),
      changed_(std::move(changed)),
      calls_(std::make_unique<etcd_calls>(settings)),
      thread_([this] { run(); }) {}

watcher::~watcher() {
    calls_->stop();
    thread_.join();
}

bool watcher::wait_until_known(std::chrono::milliseconds patience) const {
    return is_known_.wait_for(patience) == std::future_status::ready;
}

// A watch ends for many reasons: a lost connection, a member without a leader, a compacted history. The list is
// authoritative, and the next watch continues from it.
void watcher::run() {
    while (!calls_->is_stopped()) {
        const auto revision = list();
        if (revision) {
            watch_from(*revision + 1);
            // The cause may end the next watch immediately, too.
            calls_->pause(watch_pause);
        }
        calls_->turn_to_next();
    }
}

std::optional<std::int64_t> watcher::list() {
    const auto stub = etcdserverpb::KV::NewStub(calls_->member());
    etcd_calls::context context(*calls_, time_limit);
    etcdserverpb::RangeRequest request;
    request.set_key(prefix_);
    request.set_range_end(end_of(prefix_));
    etcdserverpb::RangeResponse answer;
    // A majority answered, so an empty list means that there is no service.
    if (const auto status = stub->Range(&context, request, &answer); !status.ok()) {
        if (!calls_->is_stopped() && std::exchange(answered_, false)) {
            log_warning("etcd does not answer: the services that were known last are called",
                        {{"detail", status.error_message()}});
        }
        return std::nullopt;
    }
    calls_->note_success();
    if (!std::exchange(answered_, true)) log_info("etcd answers again");
    known_.clear();
    for (const auto& entry : answer.kvs()) put(entry.key(), entry.value());
    tell();
    return answer.header().revision();
}

void watcher::watch_from(std::int64_t revision) {
    const auto stub = etcdserverpb::Watch::NewStub(calls_->member());
    etcd_calls::context context(*calls_);
    const auto stream = stub->Watch(&context);
    etcdserverpb::WatchRequest request;
    request.mutable_create_request()->set_key(prefix_);
    request.mutable_create_request()->set_range_end(end_of(prefix_));
    request.mutable_create_request()->set_start_revision(revision);
    etcdserverpb::WatchResponse news;
    for (bool going = stream->Write(request); going && stream->Read(&news);) {
        going = !news.canceled();
        for (const auto& event : news.events()) {
            if (event.type() == etcdserverpb::Event::PUT) put(event.kv().key(), event.kv().value());
            if (event.type() == etcdserverpb::Event::DELETE) known_.remove(event.kv().key());
        }
        tell();
    }
    if (news.canceled()) log_info("etcd has ended the watch", {{"reason", news.cancel_reason()}});
    context.TryCancel();
    log_debug("a watch of etcd has ended", {{"detail", stream->Finish().error_message()}});
}

void watcher::put(const std::string& key, const std::string& value) {
    if (!known_.put(key, value)) log_error("etcd holds something that is no service", {{"key", key}});
}

void watcher::tell() {
    auto all = known_.all();
    if (calls_->is_stopped() || told_ == all) return;
    changed_(all);
    if (!told_) first_list_.set_value();
    told_ = std::move(all);
}

}  // namespace userinfo::discovery
