-- Takes a call from every bucket of KEYS, or from none: GCRA, as crates/platform/src/limits/gcra.rs
-- has it. Of each bucket the store holds its TAT, in microseconds since 1970, until it has passed.
--
-- ARGV: for each key how far ahead of the present its TAT may be, and what the call costs, in
-- microseconds. The time is this server's own: all that ask have one clock.
--
-- Answers: the time; 1 if the call was taken; of each key how far ahead its TAT is now.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local tats, admitted = {}, 1
for i = 1, #KEYS do
  local tolerance, price = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local tat = tonumber(redis.call('GET', KEYS[i]) or now) or now
  tats[i] = math.min(math.max(tat, now), now + tolerance)
  if tats[i] + price > now + tolerance then admitted = 0 end
end
local answer = { now, admitted }
for i = 1, #KEYS do
  if admitted == 1 then
    tats[i] = tats[i] + tonumber(ARGV[2 * i])
    if tats[i] > now then
      -- As a number it would be written with 14 digits only.
      local text, lasts = string.format('%.0f', tats[i]), math.ceil((tats[i] - now) / 1000)
      redis.call('SET', KEYS[i], text, 'PX', string.format('%.0f', lasts))
    end
  end
  answer[i + 2] = tats[i] - now
end
return answer
