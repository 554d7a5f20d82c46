-- Registers test_user_1, test_user_2 and so on, and counts how many of them it got. The threads take turns with the numbers.
--
--   wrk -t5 -c10 -d10s -T5s --latency -s register.lua URL [-- FIRST]
--
-- FIRST is the number to begin with, 1 if there is none. Who is registered already is refused: begin a second run after
-- the last user of the first.

-- wrk's -t. A thread cannot ask for it: the first ones run before the last ones are made.
local most_threads = 5

local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
    assert(#threads <= most_threads, "register.lua is for 5 threads at most")
    thread:set("place", #threads - 1)
end

local first, sent

-- Globals: done() asks for them.
registered = 0
number = 0  -- of the request that was made last

function init(arguments)
    first = tonumber(arguments[1]) or 1
    -- wrk makes one request of the first thread that it does not send.
    sent = place == 0 and -1 or 0
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
    number = first + place + most_threads * sent
    sent = sent + 1
    return wrk.format("POST", "/api/account/register", nil, "email=test_user_" .. number .. "&password=123456")
end

function response(status, headers, body)
    if status == 200 and body:find('"code":0,', 1, true) then registered = registered + 1 end
end

function done(summary)
    local all, last = 0, 0
    for _, thread in ipairs(threads) do
        all = all + thread:get("registered")
        last = math.max(last, thread:get("number"))
    end
    print(("  %d of %d requests registered a user, %.1f a second"):format(
        all, summary.requests, all / (summary.duration / 1e6)))
    print("  the last user was test_user_" .. last)
end
