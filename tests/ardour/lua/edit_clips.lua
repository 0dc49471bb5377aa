-- SPDX-License-Identifier: MIT
-- Second step of make_sessions.py: opens every session of the folder arg[1] (names from arg[2] on), now with sound, gives
-- some clips fades and envelopes with Ardour's own shapes, and saves it as Ardour writes it.
local folder = arg[1]

local edits = {}

local function clips(session)
  local found = {}
  for track in session:get_tracks():iter() do
    for region in track:to_track():playlist():region_list():iter() do found[region:name()] = region:to_audioregion() end
  end
  return found
end

function edits.envelopes(session)
  local rate = session:nominal_sample_rate()
  local function samples(seconds) return math.floor(seconds * rate + 0.5) end
  local clip = clips(session)
  local function fades(name, shape_in, seconds_in, shape_out, seconds_out)
    local region = clip[name]
    region:set_fade_in_active(true)
    region:set_fade_out_active(true)
    region:set_fade_in_shape(shape_in)
    region:set_fade_out_shape(shape_out)
    region:set_fade_in_length(samples(seconds_in))
    region:set_fade_out_length(samples(seconds_out))
  end
  fades("keys-a", ARDOUR.FadeShape.FadeLinear, 0.5, ARDOUR.FadeShape.FadeFast, 0.8)
  fades("keys-b", ARDOUR.FadeShape.FadeSlow, 0.6, ARDOUR.FadeShape.FadeConstantPower, 0.4)
  fades("gtr", ARDOUR.FadeShape.FadeSymmetric, 1.0, ARDOUR.FadeShape.FadeLinear, 2.0)
  local function envelope(name, points)
    local list = clip[name]:envelope()
    list:clear_list()
    for _, point in ipairs(points) do list:add(Temporal.timepos_t(samples(point[1])), point[2], false, true) end
    clip[name]:set_envelope_active(true)
  end
  envelope("vox", {{0, 1.0}, {1, 1.0}, {2, 0.25}, {3.5, 0.25}, {4, 1.4}, {6, 1.4}})
  envelope("keys-b", {{0, 0.7}, {2.75, 0.7}})
end

AudioEngine:set_backend("None (Dummy)", "Unit-Test", "")
for i = 2, #arg do
  local name = arg[i]
  local session = load_session(folder .. "/" .. name, name)
  assert(session, name)
  if edits[name] then edits[name](session) end
  session:save_state("", false, false, false, false, false)
  collectgarbage()
  close_session()
  print("saved", name)
end
print("done")
quit()
