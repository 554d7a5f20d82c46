-- What many users do: of 100 requests 90 read a profile, 9 change one and 1 logs in, each of any user.
--
--   wrk -t2 -c32 -d10s -T5s -s bench/mix.lua URL -- FILE
--
-- FILE holds users; bench/make_users.py writes it. What get_profile.lua and log_in.lua say of tokens, limits and sessions holds
-- here, too.

local load = dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "") .. "load.lua")

load.run("requests", function(arguments)
    local users = load.users(arguments)
    math.randomseed(place)
    return function()
        local user, kind = users[math.random(#users)], math.random(100)
        if kind <= 90 then return user.read end
        if kind <= 99 then return load.update(user) end
        return user.log_in
    end
end)
