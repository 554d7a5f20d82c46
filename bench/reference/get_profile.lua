-- Reads profiles: each thread that of a user of its own, test_user_1 and so on. Run register.lua first.
--
--   wrk -t5 -c10 -d10s -T5s --latency -s get_profile.lua URL
--
-- The users log in and get a profile before the run begins, through curl: a script of wrk cannot wait for a reply.

local function read_all(command)
    local pipe = assert(io.popen(command))
    local text = pipe:read("*a")
    pipe:close()
    return text
end

-- The head of the reply to a form, and its body.
local function post(path, options)
    local port = wrk.port and ":" .. wrk.port or ""
    return read_all(("curl --silent --show-error --include %s '%s://%s%s%s'"):format(
        options, wrk.scheme, wrk.host, port, path))
end

local function log_in(user)
    local reply = post("/api/account/login", ("--data 'email=%s&password=123456'"):format(user))
    local token = reply:match("[Ss]et%-[Cc]ookie: (access_token=[^;\r\n]+)")
    if not token then
        io.stderr:write(("get_profile.lua: %s cannot log in:\n%s\n"):format(user, reply))
        os.exit(1)
    end
    return token
end

local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
    local user = "test_user_" .. #threads
    local cookie = log_in(user)
    -- Refused if an earlier run has made it.
    post("/api/user/profile", ("--cookie '%s' --data 'username=%s&birthday=1990-05-17'"):format(cookie, user))
    thread:set("cookie", cookie)
end

local read_profile

-- Global: done() asks for it.
shown = 0

function init()
    read_profile = wrk.format("GET", "/api/user/profile", { Cookie = cookie })
end

function request() return read_profile end

function response(status, headers, body)
    if status == 200 and body:find('"code":0,', 1, true) then shown = shown + 1 end
end

function done(summary)
    local all = 0
    for _, thread in ipairs(threads) do all = all + thread:get("shown") end
    print(("  %d of %d requests showed a profile, %.1f a second"):format(
        all, summary.requests, all / (summary.duration / 1e6)))
end
