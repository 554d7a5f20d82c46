// Alerts operators when the running program detects tampering with the audit chain. It writes a log line and sets a
// metric that stays set until the program restarts.
#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "base/log.h"
#include "base/metrics.h"

namespace userinfo {

class audit_alarm {
public:
    explicit audit_alarm(metrics& metrics) {
        metrics.gauge("userinfo_audit_chain_broken",
                      "1: the audit chain is not as this program wrote it; `userinfo audit verify` says where.",
                      [raised = raised_] { return *raised ? 1.0 : 0.0; });
    }

    // Thread-safe.
    void raise(std::string_view detail) {
        *raised_ = true;
        log_error("the audit chain is broken", {{"detail", detail}});
    }

private:
    const std::shared_ptr<std::atomic<bool>> raised_ = std::make_shared<std::atomic<bool>>(false);  // the gauge's, too
};

}  // namespace userinfo
