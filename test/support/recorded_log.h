// The log of this process as JSON in a file of its own, from construction until `lines` is called.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/log.h"
#include "support/scratch_folder.h"

namespace userinfo::test {

class recorded_log {
public:
    explicit recorded_log(log_level level = log_level::debug) {
        open_log({.level = level, .format = log_format::json, .file = file_.string()});
    }
    ~recorded_log() { close_log(); }

    recorded_log(const recorded_log&) = delete;
    recorded_log& operator=(const recorded_log&) = delete;

    // Closes the log, and returns its lines with this message. No other thread may write to the log meanwhile.
    std::vector<boost::json::object> lines(std::string_view message) const {
        close_log();
        std::vector<boost::json::object> found;
        std::ifstream input(file_);
        for (std::string line; std::getline(input, line);) {
            auto read = boost::json::parse(line).as_object();
            if (std::string(read.at("message").as_string()) == message) found.push_back(std::move(read));
        }
        return found;
    }

private:
    const scratch_folder folder_;
    const std::filesystem::path file_ = folder_ / "userinfo.log";
};

}  // namespace userinfo::test
