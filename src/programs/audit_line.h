// An event of the audit trail as operators read it.
#pragma once

#include <string>

#include "audit/audit_store.h"

namespace userinfo::programs {

// One line of JSON, with its end. docs/operations.md has its members.
std::string audit_line(const stored_audit_event& event);

}  // namespace userinfo::programs
