-- SPDX-License-Identifier: MIT
-- Opens sessions and saves them as Ardour writes them: arguments are FOLDER NAME SAVED_NAME, as often as one likes.
AudioEngine:set_backend("None (Dummy)", "Unit-Test", "")
for i = 1, #arg, 3 do
  local session = load_session(arg[i], arg[i + 1])
  assert(session, arg[i + 1])
  session:save_state(arg[i + 2], false, false, false, false, false)
  collectgarbage()
  close_session()
  print("saved", arg[i + 1])
end
print("done")
quit()
