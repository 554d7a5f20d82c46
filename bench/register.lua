-- Registers users, each once, and counts how many of them it got. Each costs a password hash, some 20 ms of a core.
--
--   wrk -t2 -c16 -d10s -T5s -s bench/register.lua URL
--
-- No address may try more than a few a minute, unless attempts.* are set as in bench/userinfo.yaml.

local load = dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "") .. "load.lua")

load.run("registers", function()
    -- Nobody has these already, whatever ran before, and whatever runs beside.
    local run = io.open("/dev/urandom", "rb"):read(8):gsub(".", function(byte) return ("%02x"):format(byte:byte()) end)
    local sent = 0
    return function()
        sent = sent + 1
        return load.register(("%s-%d@bench.example"):format(run, sent))
    end
end)
