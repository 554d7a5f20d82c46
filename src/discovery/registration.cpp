#include "discovery/registration.h"

#include <utility>

#include "base/log.h"
#include "discovery/etcd.grpc.pb.h"
#include "discovery/etcd_calls.h"
#include "discovery/keys.h"

namespace userinfo::discovery {

namespace {

using namespace std::chrono_literals;

constexpr auto time_limit = 1s;

}  // namespace

registration::registration(const etcd_settings& settings, const service_instance& instance)
    : key_(services_prefix(settings.prefix) + instance.address),
      value_(to_text(instance)),
      time_to_live_(settings.lease),
      calls_(std::make_unique<etcd_calls>(settings)),
      thread_([this] { run(); }) {}

registration::~registration() { withdraw(); }

bool registration::wait_until_announced(std::chrono::milliseconds patience) const {
    return is_announced_.wait_for(patience) == std::future_status::ready;
}

void registration::run() {
    while (!calls_->is_stopped()) {
        if (!go_on()) {
            calls_->turn_to_next();
            continue;
        }
        calls_->note_success();
        calls_->pause(std::chrono::milliseconds(time_to_live_) / 3);
    }
}

// A lease is dropped only when it is known to be gone, together with its key. So the key is never attached to a lease
// other than the one that `withdraw` revokes.
bool registration::go_on() {
    if (!lease_ && !grant()) return false;
    return announced_ ? keep_alive() : announce();
}

void registration::forget_lease() {
    lease_.reset();
    announced_ = false;
}

bool registration::grant() {
    const auto stub = etcdserverpb::Lease::NewStub(calls_->member());
    etcd_calls::context context(*calls_, time_limit);
    etcdserverpb::LeaseGrantRequest wanted;
    wanted.set_ttl(time_to_live_.count());
    etcdserverpb::LeaseGrantResponse granted;
    if (const auto status = stub->LeaseGrant(&context, wanted, &granted); !status.ok()) {
        log_debug("etcd does not answer", {{"detail", status.error_message()}});
        return false;
    }
    lease_ = granted.id();
    return true;
}

bool registration::announce() {
    const auto stub = etcdserverpb::KV::NewStub(calls_->member());
    etcd_calls::context context(*calls_, time_limit);
    etcdserverpb::PutRequest put;
    put.set_key(key_);
    put.set_value(value_);
    put.set_lease(*lease_);
    etcdserverpb::PutResponse done;
    const auto status = stub->Put(&context, put, &done);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) forget_lease();
    if (!status.ok()) return false;
    announced_ = true;
    log_info("announced to gateways", {{"key", std::string_view(key_)}});
    if (!std::exchange(was_announced_, true)) first_announcement_.set_value();
    return true;
}

bool registration::keep_alive() {
    const auto stub = etcdserverpb::Lease::NewStub(calls_->member());
    etcd_calls::context context(*calls_, time_limit);
    const auto stream = stub->LeaseKeepAlive(&context);
    etcdserverpb::LeaseKeepAliveRequest request;
    request.set_id(*lease_);
    etcdserverpb::LeaseKeepAliveResponse answer;
    const bool answered = stream->Write(request) && stream->Read(&answer);
    stream->WritesDone();
    if (!answered) context.TryCancel();
    (void)stream->Finish();  // the reason does not matter: the next member is tried
    if (!answered) return false;
    if (answer.ttl() > 0) return true;
    log_warning("etcd has forgotten this service's lease: announcing it again");
    forget_lease();
    return false;
}

bool registration::revoke() {
    const auto stub = etcdserverpb::Lease::NewStub(calls_->member());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + time_limit);
    etcdserverpb::LeaseRevokeRequest request;
    request.set_id(*lease_);
    etcdserverpb::LeaseRevokeResponse done;
    return stub->LeaseRevoke(&context, request, &done).ok();
}

void registration::withdraw() {
    if (!thread_.joinable()) return;
    calls_->stop();
    thread_.join();
    if (!lease_) return;
    bool withdrawn = revoke();
    if (!withdrawn) {
        calls_->turn_to_next();
        withdrawn = revoke();
    }
    if (!withdrawn) log_warning("etcd does not answer: gateways may call this service until its lease ends");
}

}  // namespace userinfo::discovery
