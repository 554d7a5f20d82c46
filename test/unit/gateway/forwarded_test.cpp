#include "gateway/forwarded.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using http::test::header_list;
using http::test::request_with;
using list = std::vector<std::string>;

// What the hops are, from the last one on.
list hops_of(header_list headers, forwarded_header header = forwarded_header::forwarded) {
    const auto request = request_with(std::move(headers));
    forwarded_hops hops(request, header);
    list found;
    while (const auto hop = hops.next()) found.push_back(hop->to_string());
    return found;
}

list hops_in(std::string_view forwarded) { return hops_of({{"Forwarded", forwarded}}); }

TEST(forwarded, has_a_hop_in_each_element) {
    EXPECT_EQ(hops_in("for=192.0.2.60"), list{"192.0.2.60"});
    EXPECT_EQ(hops_in("for=192.0.2.60;proto=http;by=203.0.113.43"), list{"192.0.2.60"});
    EXPECT_EQ(hops_in("by=203.0.113.43; proto=http ;\tFOR=192.0.2.60;"), list{"192.0.2.60"});
    EXPECT_EQ(hops_in("for=192.0.2.43, for=198.51.100.17"), (list{"198.51.100.17", "192.0.2.43"}));
    EXPECT_EQ(hops_in(" ;;for=192.0.2.60; ;proto=http;;"), list{"192.0.2.60"});
    EXPECT_EQ(hops_in("for=192.0.2.60:80, for=[2001:db8::1]:80"), (list{"2001:db8::1", "192.0.2.60"}));
    EXPECT_EQ(hops_in(",for=192.0.2.43 , ,for=198.51.100.17,"), (list{"198.51.100.17", "192.0.2.43"}));
    EXPECT_EQ(hops_of({{"forwarded", "for=192.0.2.43"}, {"Host", "a"}, {"FORWARDED", "for=198.51.100.17"}}),
              (list{"198.51.100.17", "192.0.2.43"}));
    EXPECT_EQ(hops_in(""), list());
    EXPECT_EQ(hops_of({}), list());
}

TEST(forwarded, has_quoted_values) {
    EXPECT_EQ(hops_in(R"(For="[2001:db8:cafe::17]:4711")"), list{"2001:db8:cafe::17"});
    EXPECT_EQ(hops_in(R"(for="192.0.2.60:80", for="[2001:db8::1]")"), (list{"2001:db8::1", "192.0.2.60"}));
    EXPECT_EQ(hops_in(R"(for="192.0.2.60:_port")"), list{"192.0.2.60"});
    EXPECT_EQ(hops_in(R"(secret="a, b; for=9.9.9.9";for=192.0.2.60)"), list{"192.0.2.60"});
    EXPECT_EQ(hops_in(R"(for=192.0.2.43, secret="a\", for=9.9.9.9";for=192.0.2.60)"),
              (list{"192.0.2.60", "192.0.2.43"}));
    EXPECT_EQ(hops_in(R"(for=192.0.2.43;a="\\", for=192.0.2.60)"), (list{"192.0.2.60", "192.0.2.43"}));
}

TEST(forwarded, ends_at_a_hop_without_an_address) {
    for (const auto* const hop :
         {"for=unknown", "for=_hidden", R"(for="_SEVKISEK:80")", "for=", R"(for="")", "proto=https", "for",
          "for=192.0.2.1;for=192.0.2.1", "=192.0.2.1", "for =192.0.2.1", R"(for="192.0.2.1"x)", R"(for="192.0.2.1)",
          R"(for=192.0.2.1")", R"(for="\192.0.2.1")", "192.0.2.1", "for=192.0.2.1 a=b", R"(a="b;for=192.0.2.1)",
          "a=b c;for=192.0.2.1", R"(a=b";for=192.0.2.1)"})
        EXPECT_EQ(hops_in("for=9.9.9.9, " + std::string(hop) + ", for=192.0.2.60"), list{"192.0.2.60"}) << hop;
}

// A client writes what stands first. Its proxy adds an element, perhaps without looking at the others.
TEST(forwarded, reads_a_hop_as_its_proxy_wrote_it_whatever_stands_before) {
    for (const auto* const claim :
         {R"(for=")", R"(for="\)", R"(for="9.9.9.9)", R"(a="\"")", ";", "=", R"("")", "for=9.9.9.9;"})
        EXPECT_EQ(hops_in(std::string(claim) + ", for=192.0.2.60").at(0), "192.0.2.60") << claim;
}

TEST(forwarded, is_read_from_the_one_header_that_is_wanted) {
    const header_list both{{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.2"}};
    EXPECT_EQ(hops_of(both, forwarded_header::forwarded), list{"192.0.2.1"});
    EXPECT_EQ(hops_of(both, forwarded_header::x_forwarded_for), list{"192.0.2.2"});
    EXPECT_EQ(hops_of({{"Forwarded", "for=192.0.2.1"}}, forwarded_header::x_forwarded_for), list());
}

TEST(forwarded, has_no_quotes_in_the_older_header) {
    EXPECT_EQ(hops_of({{"X-Forwarded-For", R"("9.9.9.9, 192.0.2.60)"}}, forwarded_header::x_forwarded_for),
              list{"192.0.2.60"});
}

}  // namespace
}  // namespace userinfo::gateway
