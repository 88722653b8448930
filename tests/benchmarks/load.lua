-- For wrk: a request for each line of a file, in turn; every answer must have the one status.
--   wrk … -s load.lua URL -- STATUS FILE      a line: cookies, a tab, the body of a POST or nothing

local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("place", #threads)
end

function init(args)
  expected, asked, turn = tonumber(args[1]), {}, 0
  unexpected, strange = 0, 0
  for line in io.lines(args[2]) do
    local cookies, body = line:match("^(.-)\t(.*)$")
    local headers = { ["Cookie"] = cookies }
    if body == "" then
      table.insert(asked, wrk.format("GET", nil, headers))
    else
      headers["Content-Type"] = "application/x-www-form-urlencoded"
      table.insert(asked, wrk.format("POST", nil, headers, body))
    end
  end
  -- Two threads do not walk through the same sessions in step.
  turn = (place - 1) * math.floor(#asked / 2)
end

function request()
  turn = turn % #asked + 1
  return asked[turn]
end

function response(status)
  if status ~= expected then
    unexpected, strange = unexpected + 1, status
  end
end

function done(summary, latency)
  local wrong, example = 0, 0
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("unexpected")
    example = math.max(example, thread:get("strange"))
  end
  local errors = summary.errors
  print(string.format(
    "load: requests=%d microseconds=%d median=%d unexpected=%d example=%d broken=%d",
    summary.requests, summary.duration, latency:percentile(50), wrong, example,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
