#include <algorithm>

#include "contract/stores.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

class audit_store_contract : public store_contract {
protected:
    void record(audit_event event) { EXPECT_TRUE(run(accounts_.record(event))); }

    // `count` events, a second apart.
    void record_some(std::size_t count, audit_type type = audit_type::log_in) {
        for (std::size_t i = 0; i < count; ++i) {
            clock_.advance(1s);
            auto event = audit(type);
            event.address = "192.0.2.1";
            event.user_agent = "a browser";
            record(event);
        }
    }

    std::vector<stored_audit_event> list(audit_filter filter = {}, audit_position after = {}, std::size_t limit = 100) {
        return run(audits_.list(filter, after, limit)).value();
    }

    std::vector<stored_audit_event> unlinked(std::size_t limit = 100) {
        return run(audits_.next_unlinked(0, limit)).value();
    }

    static std::vector<audit_link> links_for(const std::vector<stored_audit_event>& events, std::uint64_t first = 1) {
        std::vector<audit_link> links;
        for (const auto& event : events) {
            links.push_back({.place = first,
                             .event_id = event.id,
                             .salt = "salt",
                             .personal = "personal",
                             .mac = "mac " + std::to_string(first),
                             .anchor = {}});
            ++first;
        }
        return links;
    }

    std::vector<audit_link> link_all() {
        const auto events = unlinked();
        auto links = links_for(events);
        EXPECT_TRUE(run(audits_.append(std::nullopt, links, events)).value());
        return links;
    }

    audit_chain_page chain(std::uint64_t after = 0, std::size_t limit = 100) {
        return run(audits_.chain(after, limit)).value();
    }
};

INSTANTIATE_TEST_SUITE_P(, audit_store_contract, testing::ValuesIn(all_stores()), name_of);

TEST_P(audit_store_contract, lists_by_id_of_all_or_of_an_account_or_a_type) {
    EXPECT_EQ(run(audits_.newest_id()).value(), 0);
    const auto subject = uuid::random();
    record_some(2);
    auto own = audit(audit_type::log_out);
    own.subject = subject;
    own.at = clock_.now() - 1h;
    record(own);
    const auto all = run(audits_.list_by_id({}, 0, 100)).value();
    ASSERT_EQ(all.size(), 3u);
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &stored_audit_event::id));
    EXPECT_EQ(all[2].type, "log_out");
    EXPECT_EQ(run(audits_.newest_id()).value(), all[2].id);
    EXPECT_EQ(run(audits_.list_by_id({}, all[0].id, 1)).value().at(0).id, all[1].id);
    EXPECT_TRUE(run(audits_.list_by_id({}, all[2].id, 100)).value().empty());
    const auto of_account = run(audits_.list_by_id({.account = subject}, 0, 100)).value();
    ASSERT_EQ(of_account.size(), 1u);
    EXPECT_EQ(of_account[0].id, all[2].id);
    EXPECT_EQ(run(audits_.list_by_id({.account = subject, .type = audit_type::log_in}, 0, 100)).value().size(), 0u);
    EXPECT_EQ(run(audits_.list_by_id({.type = audit_type::log_in}, 0, 100)).value().size(), 2u);
}

TEST_P(audit_store_contract, gives_back_all_of_an_event) {
    const auto subject = uuid::random();
    record({.type = audit_type::log_in,
            .succeeded = false,
            .at = clock_.now(),
            .actor = "cli:7",
            .subject = subject,
            .session = "session",
            .reason = "wrong_password",
            .address = "192.0.2.1",
            .user_agent = "a browser",
            .request_id = "request"});
    const auto events = list();
    ASSERT_EQ(events.size(), 1u);
    const auto& event = events[0];
    EXPECT_EQ(event.at, clock_.now());
    EXPECT_EQ(event.type, "log_in");
    EXPECT_FALSE(event.succeeded);
    EXPECT_EQ(event.reason, "wrong_password");
    EXPECT_EQ(event.actor, "cli:7");
    EXPECT_EQ(event.subject, subject.view());
    EXPECT_EQ(event.session, "session");
    EXPECT_EQ(event.address, "192.0.2.1");
    EXPECT_EQ(event.user_agent, "a browser");
    EXPECT_EQ(event.request_id, "request");
    EXPECT_EQ(event.details, "");
}

TEST_P(audit_store_contract, keeps_a_user_agent_of_whatever_bytes) {
    auto event = audit(audit_type::log_in);
    event.user_agent = "caf\xe9 \xff\xf0\x9f";
    record(event);
    EXPECT_EQ(list().at(0).user_agent, event.user_agent);
}

TEST_P(audit_store_contract, lists_the_oldest_first_in_pages_also_of_one_moment) {
    record_some(3);
    for (int i = 0; i < 3; ++i) record(audit(audit_type::log_out));
    const auto all = list();
    ASSERT_EQ(all.size(), 6u);
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &stored_audit_event::at));
    std::vector<std::int64_t> ids;
    audit_position after;
    for (;;) {
        const auto page = list({}, after, 2);
        if (page.empty()) break;
        for (const auto& event : page) ids.push_back(event.id);
        after = {.at = page.back().at, .id = page.back().id};
    }
    EXPECT_TRUE(std::ranges::equal(ids, all, {}, {}, &stored_audit_event::id));
}

TEST_P(audit_store_contract, lists_by_account_type_and_time) {
    const auto account = register_account("a@example.org");
    clock_.advance(1h);
    for (const auto& subject : {account, uuid::random()}) {
        auto event = audit(audit_type::log_in);
        event.subject = subject;
        record(event);
        event.type = audit_type::log_out;
        record(event);
    }
    EXPECT_EQ(list({.account = account}).size(), 2u);
    EXPECT_EQ(list({.type = audit_type::log_in}).size(), 2u);
    EXPECT_EQ(list({.account = account, .type = audit_type::log_in}).size(), 1u);
    EXPECT_EQ(list({}, {.at = clock_.now()}).size(), 4u);
    EXPECT_EQ(list({}, {.at = clock_.now() + 1us}).size(), 0u);
    EXPECT_EQ(list({.account = uuid::random()}).size(), 0u);
}

TEST_P(audit_store_contract, appends_and_gives_back_links_with_their_events) {
    record_some(3);
    const auto events = unlinked(2);
    const auto links = links_for(events);
    EXPECT_TRUE(run(audits_.append(std::nullopt, links, events)).value());
    EXPECT_EQ(unlinked().size(), 1u);
    const auto page = chain();
    EXPECT_EQ(page.first_place, 1u);
    ASSERT_EQ(page.links.size(), 2u);
    EXPECT_EQ(page.links[0].link, links[0]);
    EXPECT_EQ(page.links[1].link, links[1]);
    EXPECT_EQ(page.links[1].event->id, events[1].id);
    EXPECT_EQ(chain(1).links.size(), 1u);
    EXPECT_EQ(chain(0, 1).links.size(), 1u);
    const auto rest = unlinked();
    EXPECT_TRUE(run(audits_.append(links[1], links_for(rest, 3), rest)).value());
    EXPECT_TRUE(unlinked().empty());
}

TEST_P(audit_store_contract, appends_nothing_behind_another_head) {
    record_some(2);
    const auto events = unlinked(1);
    auto links = links_for(events);
    EXPECT_FALSE(run(audits_.append(links[0], links, events)).value());
    EXPECT_TRUE(run(audits_.append(std::nullopt, links, events)).value());
    const auto rest = unlinked();
    EXPECT_FALSE(run(audits_.append(std::nullopt, links_for(rest, 2), rest)).value());
    auto other = links[0];
    other.mac = "another";
    EXPECT_FALSE(run(audits_.append(other, links_for(rest, 2), rest)).value());
    EXPECT_EQ(chain().links.size(), 1u);
}

TEST_P(audit_store_contract, appends_nothing_if_an_event_changed_or_has_a_place) {
    record_some(2);
    auto events = unlinked();
    events[1].address = "192.0.2.2";
    EXPECT_FALSE(run(audits_.append(std::nullopt, links_for(events), events)).value());
    EXPECT_TRUE(chain().links.empty());
    const auto links = link_all();
    events = list();
    EXPECT_FALSE(run(audits_.append(links.back(), links_for(events, 3), events)).value());
    EXPECT_EQ(chain().links.size(), 2u);
}

TEST_P(audit_store_contract, of_programs_that_append_together_one_succeeds) {
    record_some(5);
    const auto events = unlinked();
    const auto links = links_for(events);
    const std::optional<audit_link> no_head;
    std::vector<task<result<bool>>> appends;
    for (int i = 0; i < 8; ++i) appends.push_back(audits_.append(no_head, links, events));
    const auto outcomes = run_together(std::move(appends));
    EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& each) { return each.value(); }), 1);
    EXPECT_EQ(chain().links.size(), 5u);
}

TEST_P(audit_store_contract, knows_the_ends_of_the_chain) {
    auto ends = run(audits_.chain_ends(0)).value();
    EXPECT_FALSE(ends.first || ends.known || ends.head);
    record_some(3);
    const auto links = link_all();
    ends = run(audits_.chain_ends(2)).value();
    EXPECT_EQ(ends.first, links[0]);
    EXPECT_EQ(ends.known, links[1]);
    EXPECT_EQ(ends.head, links[2]);
}

TEST_P(audit_store_contract, counts_what_is_not_linked) {
    EXPECT_EQ(run(audits_.count_unlinked()).value().count, 0u);
    record_some(3);
    const auto events = list();
    const auto found = run(audits_.count_unlinked()).value();
    EXPECT_EQ(found.count, 3u);
    EXPECT_EQ(found.oldest_id, events[0].id);
    EXPECT_EQ(found.oldest_at, events[0].at);
    link_all();
    EXPECT_EQ(run(audits_.count_unlinked()).value().count, 0u);
}

TEST_P(audit_store_contract, purging_leaves_an_anchor_and_what_came_later) {
    record_some(4);
    const auto links = link_all();
    EXPECT_TRUE(run(audits_.purge(links[1], "anchor")).value());
    EXPECT_EQ(list().size(), 2u);
    const auto page = chain();
    EXPECT_EQ(page.first_place, 2u);
    ASSERT_EQ(page.links.size(), 3u);
    const auto& anchor = page.links[0].link;
    EXPECT_EQ(anchor.event_id, std::nullopt);
    EXPECT_EQ(anchor.salt, std::nullopt);
    EXPECT_EQ(anchor.personal, "");
    EXPECT_EQ(anchor.mac, links[1].mac);
    EXPECT_EQ(anchor.anchor, "anchor");
    EXPECT_TRUE(run(audits_.purge(links[3], "later")).value());
    EXPECT_EQ(chain().links.size(), 1u);
    EXPECT_TRUE(list().empty());
}

TEST_P(audit_store_contract, purges_no_place_that_is_not_there) {
    record_some(2);
    const auto links = link_all();
    auto other = links[1];
    other.mac = "another";
    EXPECT_FALSE(run(audits_.purge(other, "anchor")).value());
    EXPECT_TRUE(run(audits_.purge(links[0], "anchor")).value());
    EXPECT_FALSE(run(audits_.purge(links[0], "anchor")).value());
    EXPECT_EQ(list().size(), 1u);
}

TEST_P(audit_store_contract, purges_old_events_without_a_place) {
    record_some(2);
    link_all();
    record_some(450, audit_type::log_out);
    EXPECT_TRUE(run(audits_.purge_unlinked(clock_.now())));
    const auto left = list();
    ASSERT_EQ(left.size(), 3u);
    EXPECT_EQ(left[2].at, clock_.now());
}

TEST_P(audit_store_contract, drops_addresses_and_salts_of_a_time) {
    record_some(3);
    link_all();
    record_some(450);
    const auto all = list({}, {}, 1000);
    EXPECT_TRUE(run(audits_.drop_addresses(all[1].at, all[452].at)));
    const auto left = list({}, {}, 1000);
    for (std::size_t i = 0; i < left.size(); ++i) {
        const bool kept = i == 0 || i == 452;
        EXPECT_EQ(!left[i].address.empty(), kept) << i;
        EXPECT_EQ(!left[i].user_agent.empty(), kept) << i;
    }
    const auto page = chain();
    EXPECT_TRUE(page.links[0].link.salt);
    EXPECT_FALSE(page.links[1].link.salt || page.links[2].link.salt);
    EXPECT_EQ(page.links[1].link.personal, "personal");
}

TEST_P(audit_store_contract, has_news_if_there_are_events_above_an_id_or_the_chain_has_another_end) {
    const auto has_news = [this](std::uint64_t head, std::int64_t after) {
        return run(audits_.has_news(head, after)).value();
    };
    EXPECT_FALSE(has_news(0, 0));
    record_some(2);
    EXPECT_TRUE(has_news(0, 0));
    const auto links = link_all();
    const auto first = *links[0].event_id;
    const auto last = *links[1].event_id;
    EXPECT_TRUE(has_news(0, last));
    EXPECT_TRUE(has_news(1, last));
    EXPECT_FALSE(has_news(2, last));
    EXPECT_TRUE(has_news(2, first));
}

TEST_P(audit_store_contract, finds_events_without_a_place_above_an_id) {
    record_some(4);
    const auto all = unlinked();
    ASSERT_EQ(all.size(), 4u);
    const auto above = [&](std::int64_t id) { return run(audits_.next_unlinked(id, 100)).value(); };
    EXPECT_EQ(above(all[1].id).size(), 2u);
    EXPECT_EQ(above(all[1].id).at(0).id, all[2].id);
    EXPECT_TRUE(above(all[3].id).empty());
    const auto first = std::vector(all.begin(), all.begin() + 3);
    ASSERT_TRUE(run(audits_.append(std::nullopt, links_for(first), first)).value());
    EXPECT_EQ(above(all[0].id).size(), 1u);
}

}  // namespace

}  // namespace userinfo::test
