-- Reads profiles: each thread that of a user of its own, test_user_1 and so on. Run register.lua first.
--
--   wrk -t5 -c10 -d10s -T5s --latency -s get_profile.lua URL

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local people = dofile(folder .. "people.lua")

local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
    thread:set("cookie", people.cookie_of(#threads))
end

local read_profile

-- Global: done() asks for it.
shown = 0

function init()
    read_profile = wrk.format("GET", "/api/user/profile", { Cookie = cookie })
end

function request() return read_profile end

function response(status, headers, body)
    if people.succeeded(status, body) then shown = shown + 1 end
end

function done(summary)
    local all = 0
    for _, thread in ipairs(threads) do all = all + thread:get("shown") end
    print(("  %d of %d requests showed a profile, %.1f a second"):format(
        all, summary.requests, all / (summary.duration / 1e6)))
end
