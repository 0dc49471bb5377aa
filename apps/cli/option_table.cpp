// SPDX-License-Identifier: MIT
#include "option.h"

namespace gainstage::cli {
namespace {

// Options that several commands have.
constexpr Option json{.name = "json", .sentence = "Print JSON instead of tables."};
constexpr Option quiet{.name = "quiet",
                       .letter = 'q',
                       .sentence = "Print nothing but errors, and the JSON where --json asks for it."};
constexpr Option quiet_without_json{.name = "quiet", .letter = 'q', .sentence = "Print nothing but errors."};
constexpr Option threads{.name = "threads",
                         .kind = Kind::count,
                         .value = "N",
                         .unit = "threads",
                         .min = 1,
                         .max = 1024,
                         .sentence =
                             "Work on so many threads; as many as the machine has unless given. The result "
                             "does not depend on it."};
constexpr Option memory{
    .name = "memory",
    .kind = Kind::count,
    .value = "MB",
    .unit = "MB",
    .min = 0,
    .max = 1048576,
    .sentence =
        "Keep decoded samples in up to so much memory, so that compressed stems and those "
        "at another rate are decoded once instead of at every pass; an eighth of the "
        "machine's unless given, 0 for none. The result does not depend on it."};
constexpr Option targets_file{.name = "targets",
                              .kind = Kind::path,
                              .value = "FILE",
                              .sentence =
                                  "Destinations of your own, besides those in "
                                  "$XDG_CONFIG_HOME/gainstage/targets.json."};
constexpr Option true_peak{.name = "true-peak",
                           .kind = Kind::choice,
                           .value = "16x|bs1770",
                           .fallback = "16x",
                           .sentence =
                               "Filter of the true-peak meter: 16 times oversampled, or the standard's own "
                               "4x example, which reads lower on bright material.",
                           .is_setting = true};
constexpr Option ceiling{.name = "ceiling",
                         .kind = Kind::number,
                         .value = "DBTP",
                         .unit = "dBTP",
                         .min = -60,
                         .max = 0,
                         .sentence = "Greatest true peak; the target's own unless given, -1 for a number.",
                         .is_setting = true};
constexpr Option accept_bad{.name = "force",
                            .sentence = "Take samples that are not finite numbers as silence."};

constexpr Option printed{.name = "printed",
                         .kind = Kind::path,
                         .value = "DIR",
                         .sentence =
                             "Printed stems of a DAW's session, files called as its tracks: what is behind "
                             "their inserts, which are not run here."};

Command stage_command() {
  return {
      .name = "stage",
      .sentence = "Stage a folder of stems, or a DAW's session.",
      .text =
          "Reads every audio file in STEMS_DIR, sets the tracks' levels relative to each other from the low "
          "end up, "
          "raises them together to the target, and writes mix.wav, report.json and report.html to the output "
          "folder, "
          "STEMS_DIR-staged beside it unless given. Plain gain only, unless --reach limit. The stems are "
          "never "
          "written to. With -o song.ardour, song.rpp or song.dawproject a new session around the stems is "
          "written "
          "instead.\n\n"
          "Of a session of Ardour (.ardour), REAPER (.rpp) or DAWproject (.dawproject: Bitwig, Studio One, "
          "Cubase) it "
          "moves the gains on the session's own desk, and writes it again, every other byte as it was, as "
          "NAME-staged beside it, with NAME-staged.report.json and .html. Inserts are not run.\n\n"
          "TRACK is a file's name within STEMS_DIR, or its name without extension when only one has it.\n\n"
          "The settings can also stand in STEMS_DIR/gainstage.toml; the command line wins. There, role, "
          "range and "
          "group are tables, and lock is a list.",
      .operand = {.name = "STEMS_DIR|SESSION"},
      .options =
          {
              {.name = "out",
               .letter = 'o',
               .kind = Kind::path,
               .value = "OUT",
               .sentence = "Folder to write to, STEMS_DIR-staged unless given; or a session's file."},
              {.name = "target",
               .letter = 't',
               .kind = Kind::target,
               .value = "NAME|LUFS",
               .unit = "LUFS",
               .fallback = "spotify",
               .sentence = "Destination (see gainstage targets) or integrated loudness to raise to.",
               .is_setting = true},
              ceiling,
              {.name = "reach",
               .kind = Kind::choice,
               .value = "stop|limit|lower",
               .fallback = "stop",
               .sentence = "When plain gain can't reach the target: stop at the ceiling, limit the peaks, or "
                           "stop and "
                           "name the destinations the mix does meet.",
               .is_setting = true},
              {.name = "style",
               .kind = Kind::choice,
               .value = "auto|rock|pop",
               .fallback = "auto",
               .sentence = "Whose balance to take for a prior; auto tells from the roles.",
               .is_setting = true},
              {.name = "anchor",
               .kind = Kind::number,
               .value = "DBFS",
               .unit = "dBFS",
               .min = -60,
               .max = 0,
               .fallback = "-12",
               .sentence = "Level of the low end on the master.",
               .is_setting = true},
              {.name = "anchor-detector",
               .kind = Kind::choice,
               .value = "peak|true-peak|vu|rms|short-term",
               .fallback = "peak",
               .sentence = "How the low end's level is read.",
               .is_setting = true},
              {.name = "nominal",
               .kind = Kind::number,
               .value = "DBFS",
               .unit = "dBFS",
               .min = -40,
               .max = 0,
               .fallback = "-18",
               .sentence = "Operating level of the tracks, 0 VU.",
               .is_setting = true},
              {.name = "role",
               .kind = Kind::role,
               .value = "TRACK=ROLE",
               .sentence = "What a track is in the music (see gainstage roles); final.",
               .is_repeatable = true,
               .is_setting = true},
              {.name = "lock",
               .kind = Kind::track,
               .value = "TRACK",
               .sentence = "Keep this track's level; the others are set around it.",
               .is_repeatable = true,
               .is_setting = true},
              {.name = "range",
               .kind = Kind::range,
               .value = "TRACK=LO..HI",
               .unit = "dB",
               .min = -200,
               .max = 200,
               .sentence = "Hard limits of a track's gain before the raise.",
               .is_repeatable = true,
               .is_setting = true},
              {.name = "focus",
               .kind = Kind::track,
               .value = "TRACK",
               .sentence = "The track that comes in first in its band and is never lowered for another.",
               .is_setting = true},
              {.name = "group",
               .kind = Kind::group,
               .value = "NAME=TRACK,TRACK",
               .sentence =
                   "Tracks that keep their balance among each other. A comma in a name is written '\\,'.",
               .is_repeatable = true,
               .is_setting = true},
              {.name = "strength",
               .kind = Kind::number,
               .value = "PERCENT",
               .unit = "%",
               .min = 0,
               .max = 100,
               .fallback = "100",
               .sentence = "How far the tracks go from their present level to the planned one.",
               .is_setting = true},
              {.name = "keep-levels",
               .kind = Kind::number,
               .value = "PERCENT",
               .unit = "%",
               .min = 0,
               .max = 100,
               .fallback = "0",
               .sentence =
                   "How much the present levels count as your rough mix. Of a session whose faders were "
                   "moved by hand 30 unless given; of one that gainstage wrote and nobody moved since 100.",
               .is_setting = true},
              {.name = "order",
               .kind = Kind::order,
               .value = "BAND,BAND,BAND,BAND",
               .fallback = "low,mid,high,effects",
               .sentence = "Order in which the bands come in.",
               .is_setting = true},
              {.name = "place",
               .kind = Kind::choice,
               .value = "auto|clip|trim|fader|vca|master",
               .fallback = "auto",
               .sentence =
                   "Where a session's moves go. auto: to the operating level in the trim, the balance on the "
                   "faders, the raise on the faders or the master.",
               .is_setting = true},
              {.name = "before-inserts",
               .sentence = "Let level change into inserts whose sound depends on it, such as compressors.",
               .is_setting = true},
              printed,
              {.name = "render", .sentence = "Of a session, also write the mix, to NAME-staged.wav."},
              {.name = "copy-media",
               .sentence = "Copy the stems beside the new session, where else it refers to them."},
              true_peak,
              {.name = "bits",
               .kind = Kind::choice,
               .value = "16|24|32f",
               .fallback = "24",
               .sentence = "Sample format of the mix; 16 and 24 are dithered, 32f is floating point.",
               .is_setting = true},
              {.name = "format",
               .kind = Kind::choice,
               .value = "wav|flac",
               .fallback = "wav",
               .sentence = "File format of the mix; WAV turns to RF64 by itself past 4 GiB.",
               .is_setting = true},
              {.name = "stems",
               .sentence = "Also write each stem with its gains, to stems/.",
               .is_setting = true},
              {.name = "dry-run", .letter = 'n', .sentence = "Write nothing; print the plan."},
              {.name = "no-html", .sentence = "Leave report.html out."},
              {.name = "strict",
               .sentence =
                   "Exit with 1 when the target is not reached, with 3 when media of a session are missing."},
              {.name = "force",
               .letter = 'f',
               .sentence =
                   "Replace the files of an earlier run, go on without stems that can't be read, and take "
                   "samples that are not finite numbers as silence."},
              targets_file,
              threads,
              memory,
              json,
              quiet,
          },
  };
}

Command measure_command() {
  return {
      .name = "measure",
      .sentence = "Measure audio files, or the mixes of sessions.",
      .text =
          "Prints loudness, peaks, VU, crest, clipping, noise floor and stereo field of each file; of a "
          "DAW's session "
          "those of its mix, inserts left out. A file "
          "that "
          "can't be read is named, the others are measured all the same, and the exit code is 3.",
      .operand = {.name = "FILE", .may_be_many = true},
      .options =
          {
              printed,
              {.name = "dual-mono", .sentence = "Measure a mono file as two equal channels, 3 LU louder."},
              {.name = "reference",
               .kind = Kind::number,
               .value = "DBFS",
               .unit = "dBFS",
               .min = -40,
               .max = 0,
               .fallback = "-18",
               .sentence = "Level of 0 VU."},
              {.name = "k",
               .kind = Kind::choice,
               .value = "12|14|20",
               .fallback = "20",
               .sentence = "The K-system's headroom: 0 on the K-meter is so many dB under full scale."},
              {.name = "aes17",
               .sentence = "RMS as AES-17 has it: a full-scale sine reads 0 dBFS, 3 dB more."},
              true_peak,
              {.name = "no-spectrum", .sentence = "Leave the spectrum out."},
              {.name = "no-stereo", .sentence = "Leave correlation, width, balance and mono loss out."},
              accept_bad,
              threads,
              json,
              quiet,
          },
  };
}

Command check_command() {
  return {
      .name = "check",
      .sentence = "Check files, or the mixes of sessions, against what a destination asks for.",
      .text =
          "Prints every clause with its figure. Exits with 0 when each clause that can be judged is met, "
          "with 1 "
          "when one is violated. A destination whose deciding clause can't be judged, such as dialogue-gated "
          "loudness, is never a plain pass: the verdict says so, and --strict makes it a failure.",
      .operand = {.name = "FILE", .may_be_many = true},
      .options =
          {
              {.name = "target",
               .letter = 't',
               .kind = Kind::target,
               .value = "NAME|LUFS",
               .unit = "LUFS",
               .sentence = "Destination (see gainstage targets) or integrated loudness.",
               .is_needed = true},
              printed,
              {.name = "ceiling",
               .kind = Kind::number,
               .value = "DBTP",
               .unit = "dBTP",
               .min = -60,
               .max = 0,
               .sentence = "Greatest true peak of a target given as a number; -1 unless given."},
              {.name = "dual-mono", .sentence = "Measure a mono file as two equal channels, 3 LU louder."},
              {.name = "strict", .sentence = "Also exit with 1 when a deciding clause can't be judged."},
              true_peak,
              accept_bad,
              targets_file,
              threads,
              json,
              quiet,
          },
  };
}

Command render_command() {
  return {
      .name = "render",
      .sentence = "Write the mix again from a saved plan, or that of a DAW's session.",
      .text =
          "Takes the gains, the format and the limiter's ceiling from a report.json, and writes the same "
          "bytes as "
          "gainstage stage did, as long as the stems are the same.\n\n"
          "Of a DAW's session it writes what the desk plays, inserts left out, as 32-bit floats (24 bits in "
          "a .flac).",
      .operand = {.name = "STEMS_DIR|SESSION"},
      .options =
          {
              {.name = "plan",
               .letter = 'p',
               .kind = Kind::path,
               .value = "REPORT.JSON",
               .sentence = "The report.json with the plan; a session needs none."},
              printed,
              {.name = "out",
               .letter = 'o',
               .kind = Kind::path,
               .value = "FILE",
               .sentence = "File to write the mix to.",
               .is_needed = true},
              {.name = "force", .letter = 'f', .sentence = "Replace the file if it is there."},
              threads,
              quiet_without_json,
          },
  };
}

Command inspect_command() {
  return {
      .name = "inspect",
      .sentence = "Show every gain stage of a DAW's session.",
      .text =
          "Prints the desk as a tree: each stage with its gain (of an automated one the range), what is "
          "measured behind "
          "it, and the headroom under full scale. Behind inserts, which are not run, levels are unknown, "
          "unless "
          "--printed has them.",
      .operand = {.name = "SESSION"},
      .options =
          {
              {.name = "dot", .sentence = "Print the way of the sound as a graph for Graphviz."},
              {.name = "no-levels", .sentence = "Measure nothing: only what the session says."},
              printed,
              {.name = "reference",
               .kind = Kind::number,
               .value = "DBFS",
               .unit = "dBFS",
               .min = -40,
               .max = 0,
               .fallback = "-18",
               .sentence = "Level of 0 VU."},
              true_peak,
              accept_bad,
              threads,
              json,
              quiet,
          },
  };
}

Command desk_command() {
  return {
      .name = "desk",
      .sentence = "Open a mixing desk in the browser that plays the session.",
      .text =
          "Measures a folder of stems, or a session of Ardour, REAPER or DAWproject, and serves a desk on "
          "this machine: "
          "it plays the session while faders are moved, shows every stage, walks through the method step by "
          "step, "
          "and predicts the loudness of the whole as it is changed. Nothing is written over the session; "
          "what was "
          "moved is kept beside it, and is there again the next time.\n\n"
          "Prints the address on stderr, with a token that lets a browser in, and opens it. Ends at Ctrl-C.",
      .operand = {.name = "STEMS_DIR|SESSION"},
      .options =
          {
              {.name = "target",
               .letter = 't',
               .kind = Kind::target,
               .value = "NAME|LUFS",
               .unit = "LUFS",
               .fallback = "spotify",
               .sentence = "Destination (see gainstage targets) or integrated loudness to raise to."},
              printed,
              {.name = "port",
               .kind = Kind::count,
               .value = "N",
               .unit = "ports",
               .min = 0,
               .max = 65535,
               .sentence = "Port to serve at, 0 for any that is free. Unless given 4719, so that the browser "
                           "finds what "
                           "it keeps for the page, or any where that is taken."},
              {.name = "listen",
               .kind = Kind::address,
               .value = "ADDRESS",
               .sentence = "Serve at this address of the machine instead of 127.0.0.1: whoever reaches it "
                           "and has the "
                           "token can use the desk, and nothing is encrypted."},
              {.name = "no-open", .sentence = "Open no browser."},
              threads,
          },
  };
}

std::vector<Command> all_commands() {
  return {
      stage_command(),
      inspect_command(),
      measure_command(),
      check_command(),
      render_command(),
      desk_command(),
      {.name = "targets",
       .sentence = "List the destinations, or show one.",
       .text = "Every destination has a source, the date it was checked on, and a confidence. Look at the "
               "platform's "
               "own page before you rely on a figure.",
       .operand = {.name = "NAME", .kind = Kind::target, .is_needed = false},
       .options = {targets_file, json, quiet}},
      {.name = "roles",
       .sentence = "List the roles a track can have.",
       .text = "The band says when a track comes in; where it is 'by ear', the track's own spectrum decides.",
       .operand = {},
       .options = {json, quiet}},
      {.name = "demo",
       .sentence = "Write a small song to try everything on.",
       .text =
           "Writes about a minute of music made by code as badly staged stems to DIR, the same at every run.",
       .operand = {.name = "DIR"},
       .options = {{.name = "force", .letter = 'f', .sentence = "Replace the files of an earlier run."},
                   quiet_without_json}},
      {.name = "completion",
       .sentence = "Print the completion script of a shell.",
       .text = "For example: source <(gainstage completion bash)",
       .operand = {.name = "SHELL", .kind = Kind::choice, .words = "bash|zsh"},
       .options = {}},
      {.name = "man",
       .sentence = "Print the manual page.",
       .text = "For example: gainstage man | man -l -",
       .operand = {},
       .options = {}},
  };
}

constexpr Option help_options[]{
    {.name = "help", .letter = 'h', .sentence = "Print this and exit."},
    {.name = "version", .letter = 'V', .sentence = "Print the version and exit."},
};

}  // namespace

std::span<const Command> commands() {
  static const std::vector<Command> table = all_commands();
  return table;
}

std::span<const Option> common_options() { return help_options; }

}  // namespace gainstage::cli
