#include "programs/time_value.h"

#include <optional>
#include <stdexcept>

#include "programs/setting_values.h"

namespace userinfo::programs {

namespace {

using namespace std::chrono_literals;

// Reads a text from the front. Remembers whether anything did not match.
class time_reader {
public:
    explicit time_reader(std::string_view text) : rest_(text) {}

    // Reads exactly `digits` digits.
    int number(std::size_t digits, int most) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const int digit = take_digit();
            value = 10 * value + digit;
        }
        if (value > most) fits_ = false;
        return value;
    }

    void one_of(std::string_view allowed) {
        if (rest_.empty() || !allowed.contains(rest_.front()))
            fits_ = false;
        else
            rest_.remove_prefix(1);
    }

    // Reads a fraction that starts with ".", if any. Ignores digits below a microsecond.
    std::chrono::microseconds fraction() {
        if (!next_is('.')) return 0us;
        rest_.remove_prefix(1);
        std::chrono::microseconds value = 0us;
        auto unit = 100'000us;
        do {
            value += take_digit() * unit;
            unit /= 10;
        } while (fits_ && !rest_.empty() && is_digit(rest_.front()));
        return value;
    }

    // Reads "Z" or "+01:00". Returns what to subtract to get UTC.
    std::chrono::minutes offset() {
        if (next_is('Z') || next_is('z')) {
            rest_.remove_prefix(1);
            return 0min;
        }
        const bool behind = next_is('-');
        one_of("+-");
        const auto hours = number(2, 23);
        one_of(":");
        const auto distance = std::chrono::hours(hours) + std::chrono::minutes(number(2, 59));
        return behind ? -distance : distance;
    }

    bool fits_to_the_end() const { return fits_ && rest_.empty(); }

private:
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }

    int take_digit() {
        if (rest_.empty() || !is_digit(rest_.front())) {
            fits_ = false;
            return 0;
        }
        const int digit = rest_.front() - '0';
        rest_.remove_prefix(1);
        return digit;
    }

    std::string_view rest_;
    bool fits_ = true;
};

std::optional<timestamp> parse_rfc3339(std::string_view text) {
    time_reader reader(text);
    const int year = reader.number(4, 9999);
    reader.one_of("-");
    const int month = reader.number(2, 12);
    reader.one_of("-");
    const int day = reader.number(2, 31);
    reader.one_of("Tt");
    const std::chrono::hours hours(reader.number(2, 23));
    reader.one_of(":");
    const std::chrono::minutes minutes(reader.number(2, 59));
    reader.one_of(":");
    const std::chrono::seconds seconds(reader.number(2, 60));  // 60: a leap second
    const auto fraction = reader.fraction();
    const auto offset = reader.offset();
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!reader.fits_to_the_end() || !date.ok()) return std::nullopt;
    return timestamp(std::chrono::sys_days(date)) + hours + minutes + seconds + fraction - offset;
}

}  // namespace

timestamp read_time(std::string_view text, timestamp now) {
    if (const auto time = parse_rfc3339(text)) return *time;
    try {
        return now - read_duration(text, 0ms, std::chrono::days(3650));
    } catch (const std::invalid_argument&) {
        throw std::invalid_argument("'" + std::string(text) +
                                    "' is neither a time, such as 2026-11-22T15:59:39Z, nor a duration back from now, "
                                    "such as 24h or 30d");
    }
}

}  // namespace userinfo::programs
