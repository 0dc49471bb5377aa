// SPDX-License-Identifier: MIT
// Laws of REAPER projects, on projects made at random from the format's grammar.
#include <set>
#include <string>

#include "session_format/reaper/reaper_document.h"
#include "session_format/reaper/rpp_text.h"
#include "session_format/reaper/rpp_tree.h"
#include "tests/laws/property.h"

namespace gainstage::test {
namespace {

/// Writes lines with white space, line ends and quotes as they come.
class ProjectMaker {
 public:
  /// A line of a name and words, each quoted in some way that holds it.
  void line(const std::string& text) {
    const char* const before[] = {"", "  ", "\t", "      "};
    const char* const after[] = {"\n", "\r\n", " \n", "\t\r\n", "\n\n", "\r\n  \r\n"};
    bytes_ += before[pick(4)] + text + after[pick(6)];
  }

  std::string word(const std::string& text) {
    std::vector<std::string> ways;
    for (const char quote : {'"', '\'', '`'}) {
      if (text.find(quote) == std::string::npos) ways.push_back(quote + text + quote);
    }
    const bool is_bare = !text.empty() && text.find(' ') == std::string::npos && text.front() != '"' &&
                         text.front() != '\'' && text.front() != '`';
    if (is_bare) ways.push_back(text);
    return ways.at(pick(ways.size()));
  }

  /// Lines that no reader knows, blocks within them.
  void noise(std::size_t depth) {
    const std::size_t count = pick(4);
    for (std::size_t i = 0; i < count; ++i) {
      switch (pick(5)) {
        case 0:
          line("UNKNOWN " + word(name()) + " " + word(name()) + " 1 -1:U");
          break;
        case 1:
          line("|> a note < with \"quotes");
          break;
        case 2:
          line(base64());
          break;
        case 3:
          line("ZZZ <not a block>");
          break;
        default:
          if (depth == 0) break;
          line("<BLOCK " + word(name()));
          noise(depth - 1);
          line(">");
      }
    }
  }

  std::string name() {
    const char* const names[] = {"Kick", "Lead Vox",    "",   "<",       ">", "\"hey", "it's",
                                 "`",    "a \"b\" 'c'", "|x", "\xFF\x01"};
    return names[pick(11)];
  }

  std::string base64() {
    const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = pick(100); i > 0; --i) text += letters[pick(64)];
    return text + "==";
  }

  std::string gain() { return rpp_number(*between(0.001, 1.5)); }

  std::size_t pick(std::size_t count) { return *whole_between(0, count - 1); }

  void track() {
    line("<TRACK " + word("{" + base64() + "}"));
    noise(2);
    line("NAME " + word(name()));
    line("AUTOMODE " + word(std::to_string(pick(3))));
    line("VOLPAN " + word(gain()) + " 0 -1 -1 1");
    envelope("VOLENV");
    envelope("VOLENV2");
    noise(3);
    for (std::size_t i = pick(3); i > 0; --i) item();
    line(">");
  }

  std::string project() {
    if (pick(4) == 0) bytes_ = "\xEF\xBB\xBF";
    line("<REAPER_PROJECT 0.1 " + word("6.83/x64") + " 1");
    line("SAMPLERATE 48000 1 0");
    noise(2);
    line("MASTER_VOLUME " + gain() + " 0 -1 -1 1");
    const std::size_t tracks = pick(5);
    for (std::size_t i = 0; i < tracks; ++i) track();
    noise(8);
    bytes_ += pick(2) ? ">" : ">\r\n";
    return bytes_;
  }

 private:
  void envelope(const std::string& kind) {
    if (pick(3) == 0) return;
    line("<" + kind);
    line(pick(4) == 0 ? "ACT 0 -1" : "ACT 1 -1");
    noise(1);
    for (std::size_t i = pick(5); i > 0; --i) {
      line("PT " + rpp_number(*between(0.0, 100.0)) + " " + word(gain()) + " " + std::to_string(pick(6)));
    }
    line(">");
  }

  void item() {
    line("<ITEM");
    line("POSITION " + rpp_number(*between(0.0, 100.0)));
    line("LENGTH " + rpp_number(*between(0.0, 10.0)));
    noise(1);
    line("VOLPAN " + gain() + " 0 " + (pick(2) ? "-" : "") + gain() + " -1");
    line("<SOURCE WAVE");
    line("FILE " + word("media\\a b.wav"));
    line(">");
    if (pick(2)) {
      line(pick(2) ? "TAKE SEL" : "TAKE");
      line("TAKEVOLPAN 0 " + gain() + " -1");
      line("<SOURCE FLAC");
      line("FILE b.flac");
      line(">");
    }
    line(">");
  }

  std::string bytes_;
};

/// Every stage of the flow that can be written.
std::vector<StageRef> writable_stages(const SignalFlow& flow) {
  std::vector<StageRef> stages;
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const Strip& strip = flow.strips[i];
    if (strip.fader.writable) stages.push_back({StageKind::fader, i, 0});
    if (strip.trim.writable) stages.push_back({StageKind::trim, i, 0});
    for (std::size_t k = 0; k < strip.clips.size(); ++k) {
      if (strip.clips[k].gain.writable) stages.push_back({StageKind::clip, i, k});
      if (strip.clips[k].take_gain->writable) stages.push_back({StageKind::take, i, k});
    }
  }
  return stages;
}

const GainControl& control(const SignalFlow& flow, const StageRef& stage) {
  const Strip& strip = flow.strips.at(stage.strip);
  if (stage.kind == StageKind::fader) return strip.fader;
  if (stage.kind == StageKind::trim) return strip.trim;
  return stage.kind == StageKind::clip ? strip.clips.at(stage.item).gain
                                       : *strip.clips.at(stage.item).take_gain;
}

TEST(RppLaws, LinesAndWhiteSpaceAreAllOfTheBytes) {
  holds(200, [] {
    const std::string bytes = ProjectMaker().project();
    const RppTree tree = value_of(RppTree::read(bytes));
    std::size_t at = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    const auto only_space_until = [&](std::size_t end) {
      for (; at < end; ++at) RC_ASSERT(std::string(" \t\r\n").find(bytes[at]) != std::string::npos);
    };
    for (std::size_t i = 0; i < tree.size(); ++i) {
      only_space_until(tree.line(i).begin);
      const RppWords words = tree.words(i);
      for (std::size_t w = 0; w < words.count; ++w) {
        if (w == 0 && bytes[at] == '<') ++at;
        only_space_until(words[w].begin);
        at += words[w].size;
      }
      RC_ASSERT(at == tree.line(i).begin + tree.line(i).size);
    }
    only_space_until(bytes.size());
  });
}

TEST(RppLaws, AProjectStaysAsItIsWithoutAChange) {
  holds(200, [] {
    const std::string bytes = ProjectMaker().project();
    const ReaperDocument document = value_of(ReaperDocument::read(bytes));
    RC_ASSERT(document.bytes() == bytes);
    RC_ASSERT(value_of(document.patch({})).bytes == bytes);
  });
}

TEST(RppLaws, AChangeMultipliesItsOwnNumbersOnly) {
  holds(200, [] {
    const std::string bytes = ProjectMaker().project();
    const ReaperDocument document = value_of(ReaperDocument::read(bytes));
    const std::vector<StageRef> stages = writable_stages(document.flow());
    RC_PRE(!stages.empty());
    const StageRef stage = stages[*whole_between(0, stages.size() - 1)];
    const Db gain{*between(-20.0, 2.0)};
    const PatchedSession patched = value_of(document.patch(std::vector<StageChange>{{stage, gain}}));
    RC_ASSERT(patched.losses.empty());
    const ReaperDocument again = value_of(ReaperDocument::read(patched.bytes));
    const bool is_static_alone =
        control(document.flow(), stage).playback == GainControl::Playback::multiplies;
    for (const StageRef& other : stages) {
      const GainControl& before = control(document.flow(), other);
      const GainControl& after = control(again.flow(), other);
      const double ratio = other == stage ? to_ratio(gain) : 1.0;
      // A trim has no static value of its own; numbers have 14 decimals.
      if (other.kind != StageKind::trim)
        must_be_near(after.ratio, before.ratio * ratio, 1e-14, "static gain");
      RC_ASSERT(after.automation.has_value() == before.automation.has_value());
      for (std::size_t i = 0; before.automation && i < before.automation->points.size(); ++i) {
        must_be_near(after.automation->points[i].value,
                     before.automation->points[i].value * (is_static_alone ? 1.0 : ratio), 1e-14, "point");
        RC_ASSERT(after.automation->points[i].seconds == before.automation->points[i].seconds);
      }
    }
    // And word by word: nothing differs but numbers by that ratio.
    const RppTree old_tree = value_of(RppTree::read(bytes));
    const RppTree new_tree = value_of(RppTree::read(patched.bytes));
    RC_ASSERT(new_tree.size() == old_tree.size());
    for (std::size_t i = 0; i < old_tree.size(); ++i) {
      const RppWords old_words = old_tree.words(i);
      const RppWords new_words = new_tree.words(i);
      RC_ASSERT(new_words.count == old_words.count);
      for (std::size_t w = 0; w < old_words.count; ++w) {
        if (new_words[w].text == old_words[w].text) continue;
        const std::set<std::string_view> known = {"VOLPAN", "TAKEVOLPAN", "MASTER_VOLUME", "PT"};
        RC_ASSERT(known.count(old_words[0].text) == 1u);
        must_be_near(parse_rpp_number(new_words[w].text).value(),
                     parse_rpp_number(old_words[w].text).value() * to_ratio(gain), 1e-14, "word");
      }
    }
  });
}

TEST(RppLaws, AChangeAndItsOppositeLeaveTheLevels) {
  holds(100, [] {
    const std::string bytes = ProjectMaker().project();
    const ReaperDocument document = value_of(ReaperDocument::read(bytes));
    const Db gain{*between(-20.0, 2.0)};
    std::vector<StageChange> changes;
    for (const StageRef& stage : writable_stages(document.flow())) changes.push_back({stage, gain});
    const ReaperDocument moved = value_of(ReaperDocument::read(value_of(document.patch(changes)).bytes));
    for (StageChange& change : changes) change.gain = -gain;
    const ReaperDocument back = value_of(ReaperDocument::read(value_of(moved.patch(changes)).bytes));
    for (const StageChange& change : changes) {
      must_be_near(control(back.flow(), change.stage).ratio, control(document.flow(), change.stage).ratio,
                   1e-12, "static gain");
    }
  });
}

TEST(RppLaws, AnyTextIsOneWordAgain) {
  holds(500, [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab \"'`<>|\\#;\xC3")));
    const std::string line = "NAME " + rpp_string(text) + " 1";
    const RppTree tree = value_of(RppTree::read(line));
    const RppWords words = tree.words(0);
    RC_ASSERT(words.count == 3u);
    const bool has_all_quotes = text.find('"') != std::string::npos && text.find('\'') != std::string::npos &&
                                text.find('`') != std::string::npos;
    if (!has_all_quotes) RC_ASSERT(words[1].text == text);
  });
}

}  // namespace
}  // namespace gainstage::test
