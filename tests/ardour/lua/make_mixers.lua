-- SPDX-License-Identifier: MIT
-- Makes sessions of make_sessions.py (names from arg[2] on) in the folder arg[1], as yet without sound: tracks, buses,
-- sends, VCAs, and the mixer's settings. One start of Ardour makes them all.
local folder = arg[1]
local is_wanted = {}
for i = 2, #arg do is_wanted[arg[i]] = true end
local session
local named  -- The routes of the session, by name.
local is_connected  -- New routes are connected to the master by a thread of Ardour's own, a little later.

local no_group = PBD.GroupControlDisposition.NoGroup
local last = ARDOUR.PresentationInfo.max_order

local function ratio(db) return 10 ^ (db / 20) end

local function time(seconds)
  return Temporal.timepos_t(math.floor(seconds * session:nominal_sample_rate() + 0.5))
end

local function track(name, channels)
  named[name] = session:new_audio_track(channels, 2, nil, 1, name, last, ARDOUR.TrackMode.Normal, true):front()
end

local function bus(name)
  named[name] = session:new_audio_route(2, 2, nil, 1, name, ARDOUR.PresentationInfo.Flag.AudioBus, last):front()
end

local function set(control, value) control:set_value(value, no_group) end
local function fader(name, db) set(named[name]:gain_control(), ratio(db)) end
local function trim(name, db) set(named[name]:trim_control(), ratio(db)) end
local function pan(name, azimuth) set(named[name]:pan_azimuth_control(), azimuth) end
local function mute(name) set(named[name]:mute_control(), 1) end
local function solo(name) set(named[name]:solo_control(), 1) end

local function connect(from, bus_name)
  local output = named[from]:output()
  for channel = 0, 1 do
    assert(output:connect(output:audio(channel), named[bus_name]:input():audio(channel):name(), nil) == 0)
  end
end

local function to(from, bus_name)
  if not is_connected then
    sleep(0.7)
    is_connected = true
  end
  named[from]:output():disconnect_all(nil)
  connect(from, bus_name)
end

local function send(from, bus_name, placement, db)
  local senders = ARDOUR.RouteListPtr()
  senders:push_back(named[from])
  session:add_internal_sends(named[bus_name], placement, senders)
  local count = 0
  while not named[from]:nth_send(count):isnil() do count = count + 1 end
  local made = named[from]:nth_send(count - 1):to_send()
  set(made:gain_control(), ratio(db))
  return made
end

local pre, post = ARDOUR.Placement.PreFader, ARDOUR.Placement.PostFader

--- Points are {seconds, value}.
local function automate(control, points)
  local list = control:alist()
  for _, point in ipairs(points) do list:add(time(point[1]), point[2], false, true) end
  control:set_automation_state(ARDOUR.AutoState.Play)
end

local function gains(points)
  local values = {}
  for i, point in ipairs(points) do values[i] = {point[1], ratio(point[2])} end
  return values
end

local function vca(number, db)
  session:vca_manager():create_vca(1, "VCA %n")
  local made = session:vca_manager():vca_by_number(number)
  if db then set(made:gain_control(), ratio(db)) end
  return made
end

local function follow(name, master) named[name]:to_slavable():assign(master) end

local function make(name, rate, fill)
  if not is_wanted[name] then return end
  session = create_session(folder .. "/" .. name, name, rate)
  assert(session, name)
  named = {}
  is_connected = false
  for route in session:get_routes():iter() do
    if route:is_master() then named.Master = route end
  end
  fill()
  sleep(0.3)  -- Mute and solo are set by the audio thread.
  session:save_state("", false, false, false, false, false)
  named = nil
  collectgarbage()
  close_session()
  session = nil
  print("made", name)
end

AudioEngine:set_backend("None (Dummy)", "Unit-Test", "")

make("faders", 48000, function()
  track("kick", 1) track("bass", 1) track("keys", 2) track("vox", 1)
  fader("kick", -5) fader("bass", 1.5) fader("keys", -12) fader("vox", -3.3)
  pan("kick", 0.25) pan("vox", 0.8) pan("bass", 0.0)
  fader("Master", -2)
end)

make("trims", 48000, function()
  track("gtr", 1) track("keys", 2) track("bass", 1)
  trim("gtr", 4.5) trim("keys", -7) trim("bass", -1)
  named.gtr:phase_control():set_phase_invert(0, true)
  named.keys:phase_control():set_phase_invert(1, true)
  trim("Master", -1.5)
end)

make("buses", 48000, function()
  track("kick", 1) track("snare", 1) track("keys", 2) track("vox", 1)
  bus("DRUMS") bus("BAND")
  to("kick", "DRUMS") to("snare", "DRUMS") to("DRUMS", "BAND") to("keys", "BAND")
  fader("kick", -1) fader("snare", -4) fader("DRUMS", -2) fader("BAND", 1) fader("vox", -6)
  trim("DRUMS", 2) pan("snare", 0.7)
  named.BAND:phase_control():set_phase_invert(0, true)
end)

make("sends", 48000, function()
  track("vox", 1) track("keys", 2) track("gtr", 1)
  bus("ROOM") bus("DELAY")
  send("vox", "ROOM", post, -10)
  send("keys", "DELAY", pre, -6)
  send("gtr", "ROOM", pre, -14)
  local moving = send("gtr", "DELAY", post, -3)
  automate(moving:gain_control(), gains {{0, -3}, {2, -3}, {3, -15}, {6, -15}})
  send("ROOM", "DELAY", post, -8)
  fader("keys", -20) fader("vox", -2) fader("gtr", -6)
  fader("ROOM", -4) fader("DELAY", -5)
  pan("gtr", 0.2)
end)

make("vcas", 48000, function()
  track("kick", 1) track("bass", 1) track("keys", 2) track("vox", 1)
  local all, rhythm, late = vca(1, -1), vca(2, -4), vca(3)
  follow("kick", rhythm) follow("bass", rhythm) follow("keys", all) follow("vox", late)
  rhythm:to_slavable():assign(all)
  fader("kick", -3) fader("bass", -6)
  set(all:gain_control(), ratio(-2.5))
  set(rhythm:gain_control(), ratio(-5))
  set(late:gain_control(), ratio(2))
  follow("vox", all)
end)

make("clips", 48000, function() track("kick", 1) track("keys", 2) track("gtr", 1) track("vox", 1) end)

make("envelopes", 48000, function() track("keys", 2) track("gtr", 1) track("vox", 1) track("pad", 1) end)

make("automation", 48000, function()
  track("kick", 1) track("bass", 1) track("keys", 2) track("vox", 1)
  bus("GROUP") to("bass", "GROUP")
  automate(named.vox:gain_control(), gains {{0, 0}, {1.5, 0}, {2.5, -12}, {4, -12}, {4.2, 3}, {6, 3}})
  automate(named.keys:trim_control(), gains {{0, -6}, {2, -6}, {3, -1}, {6, -1}})
  automate(named.GROUP:gain_control(), gains {{1, -3}, {5, -9}})
  automate(named.kick:gain_control(), gains {{0, -20}, {6, -20}})
  named.kick:gain_control():set_automation_state(ARDOUR.AutoState.Off)
  fader("kick", -7)
  automate(named.Master:gain_control(), gains {{0, -1}, {3, -1}, {4, -4}, {6, -4}})
end)

make("mutes", 48000, function()
  track("kick", 1) track("bass", 1) track("keys", 2) track("vox", 1) track("gtr", 1)
  bus("ROOM") bus("SILENT")
  to("bass", "SILENT")
  mute("kick") mute("SILENT") mute("gtr")
  send("gtr", "ROOM", pre, -6)
  named.gtr:mute_control():set_mute_points(ARDOUR.MutePoint.Main)
  automate(named.keys:mute_control(), {{0, 0}, {2, 1}, {3.6, 0}})
end)

make("pans", 48000, function()
  track("keys", 2) track("pad", 2) track("organ", 2) track("gtr", 1) track("vox", 1)
  bus("GROUP") to("pad", "GROUP")
  pan("keys", 0.3) pan("organ", 0.35) pan("GROUP", 0.6)
  automate(named.vox:pan_azimuth_control(), {{0, 0.5}, {1, 0.5}, {3, 1}, {4, 1}, {4.5, 0.1}, {6, 0.1}})
  pan("gtr", 0.42)
  automate(named.pad:pan_azimuth_control(), {{0, 0.9}, {2, 0.9}, {3, 0.2}, {6, 0.2}})
end)

make("solos", 44100, function()
  track("kick", 1) track("bass", 1) track("keys", 2) track("vox", 1)
  bus("DRUMS") bus("ROOM")
  to("kick", "DRUMS")
  send("kick", "ROOM", post, -9)
  send("bass", "ROOM", post, -3)
  solo("kick")
  set(named.vox:solo_isolate_control(), 1)
  fader("DRUMS", -2)
end)

make("large", 48000, function()
  for _, name in ipairs {"LOW", "MID", "HIGH", "ALL", "ROOM"} do bus(name) end
  for n = 1, 24 do track(string.format("track%02d", n), n % 5 == 0 and 2 or 1) end
  to("LOW", "ALL") to("MID", "ALL") to("HIGH", "ALL")
  local master = vca(1, -3)
  for n = 1, 24 do
    local name = string.format("track%02d", n)
    to(name, ({"LOW", "MID", "HIGH"})[n % 3 + 1])
    fader(name, -((n * 7) % 13))
    trim(name, (n * 5) % 7 - 3)
    if n % 5 ~= 0 then pan(name, ((n * 3) % 11) / 10) end
    if n % 4 == 0 then send(name, "ROOM", n % 8 == 0 and pre or post, -(n % 6) - 6) end
    if n % 6 == 0 then follow(name, master) end
    if n == 13 then mute(name) end
  end
  connect("track02", "Master")
  set(master:gain_control(), ratio(-5))
  fader("ALL", -1) fader("LOW", -2) fader("HIGH", 1.5)
  fader("Master", -8)
end)
print("done")
quit()
