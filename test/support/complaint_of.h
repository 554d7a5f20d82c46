// What an exception says, for EXPECT_EQ.
#pragma once

#include <stdexcept>
#include <string>

namespace userinfo::test {

// "(none)" if `act` throws none.
template <class Act>
std::string complaint_of(Act act) {
    try {
        act();
        return "(none)";
    } catch (const std::runtime_error& why) {
        return why.what();
    }
}

}  // namespace userinfo::test
