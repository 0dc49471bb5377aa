-- SPDX-License-Identifier: MIT
-- Plays sessions (names from arg[2] on, in folders of the folder arg[1]) from start to end and prints, for each route, the
-- highest sample that Ardour's own meter has seen at its output: "peak SESSION ROUTE dB".
local folder = arg[1]

AudioEngine:set_backend("None (Dummy)", "Unit-Test", "")
for i = 2, #arg do
  local name = arg[i]
  local session = load_session(folder .. "/" .. name, name)
  assert(session, name)
  for route in session:get_routes():iter() do route:set_meter_point(ARDOUR.MeterPoint.MeterOutput) end
  session:goto_start()
  sleep(0.5)
  for route in session:get_routes():iter() do route:peak_meter():reset_max() end
  session:request_roll(ARDOUR.TransportRequestSource.TRS_UI)
  local last, still = -1, 0
  while session:transport_sample() < session:current_end_sample() and still < 100 do
    sleep(0.1)
    still = session:transport_sample() == last and still + 1 or 0
    last = session:transport_sample()
  end
  for route in session:get_routes():iter() do
    local peak = -math.huge
    for channel = 0, route:n_outputs():n_audio() - 1 do
      peak = math.max(peak, route:peak_meter():meter_level(channel, ARDOUR.MeterType.MeterMaxPeak))
    end
    print(string.format("peak\t%s\t%s\t%.4f", name, route:name(), peak))
  end
  session:request_stop(false, false, ARDOUR.TransportRequestSource.TRS_UI)
  sleep(0.2)
  collectgarbage()
  close_session()
end
print("done")
quit()
