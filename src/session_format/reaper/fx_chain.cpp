// SPDX-License-Identifier: MIT
#include "session_format/reaper/fx_chain.h"

#include <array>

#include "session/insert_kinds.h"
#include "session_format/stems/track_name.h"

namespace gainstage {
namespace {

/// Blocks that hold a plug-in; `word` is where its own id stands.
struct PluginBlock {
  std::string_view block;
  std::string_view format;
  std::size_t word;
};
constexpr std::array<PluginBlock, 8> plugin_blocks = {{{"VST", "vst2", 2},
                                                       {"JS", "js", 1},
                                                       {"AU", "au", 1},
                                                       {"DX", "dx", 2},
                                                       {"LV2", "lv2", 2},
                                                       {"CLAP", "clap", 2},
                                                       {"CONTAINER", "container", 1},
                                                       {"VIDEO_EFFECT", "video", 1}}};

const PluginBlock* plugin_block(std::string_view name) {
  for (const PluginBlock& known : plugin_blocks) {
    if (known.block == name) return &known;
  }
  return nullptr;
}

/// "VST3: ReaComp (Cockos)" without its format. An instrument's format ends in i: "VSTi: ReaSynth (Cockos)".
std::string_view without_format(std::string_view name) {
  const std::size_t colon = name.find(": ");
  return colon <= 6 ? name.substr(colon + 2) : name;
}
bool is_instrument(std::string_view name) {
  const std::size_t colon = name.find(": ");
  return colon >= 2 && colon <= 6 && name[colon - 1] == 'i';
}

}  // namespace

FxChain read_fx_chain(Reading& reading, std::size_t block, ChainState state) {
  const RppTree& tree = reading.tree;
  FxChain chain;
  bool is_enabled = true;
  for (std::size_t i = tree.first(block); i < tree.end(block) && !reading.error; i = tree.next(i)) {
    const std::string_view name = tree.name(i);
    if (name == "BYPASS") {
      const RppWords words = tree.words(i);
      is_enabled = reading.whole_number(words, 1, 0) == 0 && reading.whole_number(words, 2, 0) == 0;
      continue;
    }
    const PluginBlock* const known = tree.is_block(i) ? plugin_block(name) : nullptr;
    if (!known) continue;
    if (!reading.count(Counted::plugins, i)) break;
    const RppWords words = tree.words(i);
    const std::string_view id = words[known->word].text;
    Insert insert;
    insert.name = to_printable_utf8(without_format(words[1].text));
    const bool is_vst3 = known->format == "vst2" && id.find(".vst3") != std::string_view::npos;
    insert.identifier = std::string(is_vst3 ? "vst3" : known->format) + ":" + to_printable_utf8(id);
    insert.is_enabled = is_enabled && state == ChainState::active;
    // A video processor leaves the sound alone.
    insert.kind =
        known->format == "video" ? Insert::Kind::linear : insert_kind(insert.name, insert.identifier);
    chain.makes_sound = chain.makes_sound || (insert.is_enabled && is_instrument(words[1].text));
    chain.inserts.push_back(std::move(insert));
    is_enabled = true;
  }
  return chain;
}

}  // namespace gainstage
