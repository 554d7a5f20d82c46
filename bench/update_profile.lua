-- Changes profiles, of one user after the other, each with a token of their own.
--
--   wrk -t2 -c32 -d10s -T5s -s bench/update_profile.lua URL -- FILE
--
-- FILE holds users; bench/make_users.py writes it. Tokens are good for tokens.access_lifetime, 15 minutes by default.

local load = dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "") .. "load.lua")

load.run("profile updates", function(arguments)
    local next_user = load.in_turn(load.users(arguments))
    return function() return load.update(next_user()) end
end)
