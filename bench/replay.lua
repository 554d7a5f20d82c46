-- Sends the requests of a file in turn, and ends its report with one line of JSON for load.py.
--
--   wrk -t1 ... -s replay.lua URL -- FILE MODE
--
-- FILE holds whole HTTP requests, each ended by a NUL. MODE is "round" (begin again after the last) or "once" (stop).

local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds, nanoseconds; } timespec;
    int clock_gettime(int clock, timespec *time);
]]

local function now()
    local time = ffi.new("timespec")
    ffi.C.clock_gettime(1, time)
    return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

local requests = {}
local sent = 0
local once
local began

-- How long it took to send each once; wrk itself waits until its time is over. Global: done() asks for it.
seconds_once = 0

local the_thread
function setup(thread) the_thread = thread end

function init(arguments)
    local file = assert(io.open(arguments[1], "rb"))
    for text in file:read("*a"):gmatch("[^%z]+") do requests[#requests + 1] = text end
    file:close()
    once = arguments[2] == "once"
    began = now()
end

function request()
    if once and sent == #requests then
        seconds_once = now() - began
        wrk.thread:stop()
    end
    local text = requests[sent % #requests + 1]
    sent = sent + 1
    return text
end

function done(summary, latency)
    local seconds = the_thread:get("seconds_once")
    if seconds == 0 then seconds = summary.duration / 1e6 end
    local errors = summary.errors
    print(string.format('{"requests": %d, "seconds": %.6f, "p50_us": %d, "p99_us": %d, "p999_us": %d, "errors": %d}',
        summary.requests, seconds, latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
