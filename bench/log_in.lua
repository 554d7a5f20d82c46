-- Logs users in, one after the other. Each log-in costs a password hash, some 20 ms of a core.
--
--   wrk -t2 -c16 -d10s -T5s -s bench/log_in.lua URL -- FILE
--
-- FILE holds users; bench/make_users.py writes it. No address may try more than a few passwords a minute, unless attempts.*
-- are set as in bench/userinfo.yaml. An account has 50 sessions at most (sessions.per_account), and a log-in beyond ends the
-- one unused for longest: after 50 of each user the tokens in FILE are no longer good.

local load = dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "") .. "load.lua")

load.run("log-ins", function(arguments)
    local next_user = load.in_turn(load.users(arguments))
    return function() return next_user().log_in end
end)
