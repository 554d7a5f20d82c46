-- What the scripts need of users that are registered: they log in and get a profile before a run begins, through curl,
-- because a script of wrk cannot wait for a reply.

local people = {}

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
        io.stderr:write(("%s cannot log in; register.lua registers users:\n%s\n"):format(user, reply))
        os.exit(1)
    end
    return token
end

-- The cookie of test_user_NUMBER, who has a profile then.
function people.cookie_of(number)
    local user = "test_user_" .. number
    local cookie = log_in(user)
    -- Refused if an earlier run has made it.
    post("/api/user/profile", ("--cookie '%s' --data 'username=%s&birthday=1990-05-17'"):format(cookie, user))
    return cookie
end

-- Whether a reply says that all went well.
function people.succeeded(status, body) return status == 200 and body:find('"code":0,', 1, true) ~= nil end

return people
