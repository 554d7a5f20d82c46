// The last answer to a question that a program asks its database again and again. It holds without asking while the
// database is known not to have changed, so that programs at rest cost a server next to nothing.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "storage/sql/unchanged_period.h"

namespace userinfo::sql {

// Thread-safe.
template <class Answer>
class kept_answer {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // An older answer does not hold. More than the time between two probes of a server.
    static constexpr std::chrono::milliseconds oldest{600};
    // The question is asked this often in any case. Finds what was written in a way that does not show as a change.
    static constexpr std::chrono::seconds longest{10};

    struct dated {
        Answer answer;
        time_point as_of;  // it lacks nothing that could be read at that time
    };

    // The answer that `now` needs no question. Empty: ask, and keep what comes of it.
    std::optional<dated> find(const std::optional<unchanged_period>& unchanged, time_point now) const {
        if (!unchanged || now - unchanged->until > oldest) return std::nullopt;
        const auto kept = last();
        if (!kept || kept->as_of < unchanged->since || now - kept->as_of > longest) return std::nullopt;
        return dated{.answer = kept->answer, .as_of = std::max(kept->as_of, unchanged->until)};
    }

    // `began`: when the question was asked, or earlier.
    void keep(Answer answer, time_point began) {
        auto kept = std::make_shared<const dated>(std::move(answer), began);
        const std::scoped_lock lock(mutex_);
        last_ = std::move(kept);
    }

private:
    std::shared_ptr<const dated> last() const {
        const std::scoped_lock lock(mutex_);
        return last_;
    }

    mutable std::mutex mutex_;
    std::shared_ptr<const dated> last_;
};

}  // namespace userinfo::sql
