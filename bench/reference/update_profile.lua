-- Changes profiles: each thread that of a user of its own, test_user_1 and so on. Run register.lua first.
--
--   wrk -t5 -c10 -d10s -T5s --latency -s update_profile.lua URL

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local people = dofile(folder .. "people.lua")

local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
    thread:set("cookie", people.cookie_of(#threads))
end

local sent = 0

-- Global: done() asks for it.
updated = 0

function request()
    sent = sent + 1
    local headers = { Cookie = cookie, ["Content-Type"] = "application/x-www-form-urlencoded" }
    return wrk.format("PUT", "/api/user/profile", headers, "username=Name " .. sent)
end

function response(status, headers, body)
    if people.succeeded(status, body) then updated = updated + 1 end
end

function done(summary)
    local all = 0
    for _, thread in ipairs(threads) do all = all + thread:get("updated") end
    print(("  %d of %d requests changed a profile, %.1f a second"):format(
        all, summary.requests, all / (summary.duration / 1e6)))
end
