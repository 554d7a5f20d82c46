-- Logs in test_user_1, test_user_2 and so on, in turn, and counts how often it succeeded. Run register.lua first.
--
--   wrk -t5 -c10 -d10s -T5s --latency -s login.lua URL [-- USERS]
--
-- USERS is how many are registered, 100 if there is no number.

local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
    thread:set("place", #threads - 1)
end

local users, sent

-- Global: done() asks for it.
logged_in = 0

function init(arguments)
    users = tonumber(arguments[1]) or 100
    sent = 0
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
    -- Each thread begins at another user, so that they seldom meet at one account.
    local user = (place * 7 + sent) % users + 1
    sent = sent + 1
    return wrk.format("POST", "/api/account/login", nil, "email=test_user_" .. user .. "&password=123456")
end

function response(status, headers, body)
    if status == 200 and body:find('"code":0,', 1, true) then logged_in = logged_in + 1 end
end

function done(summary)
    local all = 0
    for _, thread in ipairs(threads) do all = all + thread:get("logged_in") end
    print(("  %d of %d requests logged a user in, %.1f a second"):format(
        all, summary.requests, all / (summary.duration / 1e6)))
end
