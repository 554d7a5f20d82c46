-- What the scripts for wrk beside it share: users with their tokens, a share of them for each thread, and a count of the
-- replies that say that what was asked for is done.
--
-- wrk has one Lua state for itself, which runs setup and done, and one for each thread, which runs the rest.

local load = {}

local form = { ["Content-Type"] = "application/x-www-form-urlencoded" }

local function give_up(text)
    io.stderr:write(text, "\n")
    os.exit(1)
end

-- wrk's -t, of which it tells no script: the first threads run before the last ones are made.
local function thread_count()
    local line = io.open("/proc/self/cmdline", "rb"):read("*a"):gsub("%z", " "):match("^.- %-%- ")
    return tonumber(line:match(" %-t ?(%d+) ") or line:match(" %-%-threads[ =](%d+) ")) or 2
end

local function user_of(log_in, cookie)
    return {
        cookie = cookie,
        read = wrk.format("GET", "/api/user/profile", { Cookie = cookie }),
        log_in = wrk.format("POST", "/api/account/login", form, log_in),
    }
end

-- This thread's share of a file of make_users.py, each with the requests `read` and `log_in`.
function load.users(arguments)
    local path = arguments[1] or give_up("the users are missing: wrk ... URL -- FILE, which make_users.py writes")
    local file, why = io.open(path)
    if not file then give_up(why) end
    local threads, users, number = thread_count(), {}, 0
    if place > threads then give_up("give wrk its threads by an option of its own, such as -t2") end
    for line in file:lines() do
        number = number + 1
        local log_in, cookie = line:match("^(.+)\t(.+)$")
        if not log_in then give_up(("%s:%d: no line of make_users.py"):format(path, number)) end
        if number % threads == place % threads then users[#users + 1] = user_of(log_in, cookie) end
    end
    file:close()
    if #users == 0 then give_up(("%s: %d users are too few for %d threads"):format(path, number, threads)) end
    return users
end

-- A function that returns one user after the other, and begins again after the last.
function load.in_turn(users)
    local calls = 0
    return function()
        calls = calls + 1
        return users[calls % #users + 1]
    end
end

local updates = 0

-- A request to change the user's name, to another one each time.
function load.update(user)
    updates = updates + 1
    local headers = { Cookie = user.cookie, ["Content-Type"] = form["Content-Type"] }
    return wrk.format("PUT", "/api/user/profile", headers, "username=Name+" .. updates)
end

function load.register(email)
    return wrk.format("POST", "/api/account/register", form, "email=" .. email .. "&password=a+long+enough+bench+password")
end

-- Runs in each thread what `start(arguments)` returns: a function that makes the next request. `what` names the requests in
-- the report.
function load.run(what, start)
    local threads, next_request = {}, nil

    function setup(thread)
        threads[#threads + 1] = thread
        thread:set("place", #threads)
    end

    function init(arguments) next_request = start(arguments) end

    function request() return next_request() end

    -- Globals: done() asks for them.
    succeeded, refusal = 0, ""

    function response(status, _, body)
        if status == 200 and body:find('"code":0,', 1, true) then
            succeeded = succeeded + 1
        elseif refusal == "" then
            refusal = status .. " " .. body:sub(1, 200)
        end
    end

    function done(summary, latency)
        local all, refused = 0, ""
        for _, thread in ipairs(threads) do
            all = all + thread:get("succeeded")
            if refused == "" then refused = thread:get("refusal") end
        end
        local function ms(percentile) return latency:percentile(percentile) / 1000 end
        local errors = summary.errors
        print(("  %d of %d %s succeeded, %.1f a second"):format(
            all, summary.requests, what, all / (summary.duration / 1e6)))
        print(("  latency in ms: p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f"):format(ms(50), ms(90), ms(99), ms(99.9)))
        print(("  errors: %d refused, %d not answered"):format(
            summary.requests - all, errors.connect + errors.read + errors.write + errors.timeout))
        if refused ~= "" then print("  the first refusal: " .. refused) end
    end
end

return load
