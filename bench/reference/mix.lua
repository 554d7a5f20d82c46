-- What many users do: of 100 requests 90 read a profile, 9 change one and 1 logs in, each of a user with a token of their
-- own. Run register.lua first, until there are as many.
--
--   wrk -t5 -c10 -d10s -T5s --latency -s mix.lua URL [-- USERS]
--
-- USERS is how many there are, from test_user_1 on; 50 if there is no number. Each logs in before the run, which costs a
-- password hash. With fewer threads than 5 there are as many users fewer.

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local people = dofile(folder .. "people.lua")

-- wrk's -t. A thread cannot ask for it: the first ones run before the last ones are made.
local most_threads = 5

local form = "application/x-www-form-urlencoded"
local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
    assert(#threads <= most_threads, "mix.lua is for 5 threads at most")
    thread:set("place", #threads)
end

local reads, cookies, numbers = {}, {}, {}
local sent = 0

-- Global: done() asks for it.
succeeded = 0

function init(arguments)
    math.randomseed(place)
    for number = place, tonumber(arguments[1]) or 50, most_threads do
        local cookie = people.cookie_of(number)
        numbers[#numbers + 1] = number
        cookies[#cookies + 1] = cookie
        reads[#reads + 1] = wrk.format("GET", "/api/user/profile", { Cookie = cookie })
    end
end

local function update(user)
    sent = sent + 1
    local headers = { Cookie = cookies[user], ["Content-Type"] = form }
    return wrk.format("PUT", "/api/user/profile", headers, "username=Name " .. sent)
end

local function log_in(user)
    local body = "email=test_user_" .. numbers[user] .. "&password=123456"
    return wrk.format("POST", "/api/account/login", { ["Content-Type"] = form }, body)
end

function request()
    local user, kind = math.random(#reads), math.random(100)
    if kind <= 90 then return reads[user] end
    if kind <= 99 then return update(user) end
    return log_in(user)
end

function response(status, headers, body)
    if people.succeeded(status, body) then succeeded = succeeded + 1 end
end

function done(summary)
    local all = 0
    for _, thread in ipairs(threads) do all = all + thread:get("succeeded") end
    print(("  %d of %d requests did what they were for, %.1f a second"):format(
        all, summary.requests, all / (summary.duration / 1e6)))
end
