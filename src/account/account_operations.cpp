#include "account/account_operations.h"

#include <optional>
#include <utility>

#include "base/unicode.h"
#include "identity/login_identifier.h"

namespace userinfo {

namespace {

result<account> require(result<std::optional<account>> found) {
    if (!found) return std::unexpected(std::move(found.error()));
    if (!*found) return std::unexpected(no_such_account());
    return std::move(**found);
}

}  // namespace

account_operations::account_operations(account_store& store, attempts& attempts, revocations& revoked,
                                       const clock& clock)
    : store_(store), attempts_(attempts), revoked_(revoked), clock_(clock) {}

task<result<account>> account_operations::find(const std::string& who) {
    if (const auto id = uuid::parse(trim_white_space(who))) co_return require(co_await store_.find(*id));
    const auto identifier = parse_login_identifier(who, identifier_forms::email_or_legacy);
    if (!identifier) co_return std::unexpected(identifier.error());
    co_return require(co_await store_.find_by_identifier(identifier->key));
}

task<result<std::vector<account>>> account_operations::list(uuid after, std::size_t limit) {
    return store_.list(after, limit);
}

task<result<void>> account_operations::set_status(uuid id, account_status status, const std::string& actor) {
    const auto type = status == account_status::active ? audit_type::restore : audit_type::suspend;
    const audit_event event{.type = type, .at = clock_.now(), .actor = actor, .subject = id};
    co_return co_await announce(id, co_await store_.set_status(id, status, event));
}

task<result<bool>> account_operations::unlock(uuid id, const std::string& actor) {
    const auto known = co_await store_.find_password(id, {});
    if (!known) co_return std::unexpected(known.error());
    if (!*known) co_return std::unexpected(no_such_account());
    const audit_event event{.type = audit_type::unlock, .at = clock_.now(), .actor = actor, .subject = id};
    co_return co_await attempts_.unlock((*known)->identifier_key, event);
}

task<result<void>> account_operations::remove(uuid id, const std::string& actor) {
    const audit_event event{.type = audit_type::delete_account, .at = clock_.now(), .actor = actor, .subject = id};
    co_return co_await announce(id, co_await store_.remove(id, std::nullopt, event));
}

task<result<void>> account_operations::announce(uuid id, result<session_ids> ended) {
    if (!ended) co_return std::unexpected(std::move(ended.error()));
    co_await revoked_.announce(id, *ended);
    co_return result<void>();
}

}  // namespace userinfo
