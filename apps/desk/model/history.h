// SPDX-License-Identifier: MIT
// Undo and redo without limit: what each change changed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "values.h"

namespace gainstage::desk {

/// What differs between two states of one desk.
struct ValuesChange {
  struct OfStrip {
    std::size_t strip = 0;
    StripValues before;
    StripValues after;
  };
  std::vector<OfStrip> strips;
  std::optional<std::pair<Common, Common>> common;  ///< Before and after.

  bool is_empty() const { return strips.empty() && !common; }
};

ValuesChange change_between(const DeskValues& before, const DeskValues& after);
void take_back(const ValuesChange& change, DeskValues& values);
void do_again(const ValuesChange& change, DeskValues& values);

/// Laws: undo after done() gives the values before, to the last bit; redo after undo those after.
class History {
 public:
  struct Entry {
    std::string name;  ///< "Fader of Kick".
    ValuesChange change;
    std::optional<double> gesture = {};
  };

  /// From `before` to `after`. Moves of one gesture that follow each other are one entry. What could be done
  /// again is gone. Nothing where nothing differs.
  void done(std::string name, const DeskValues& before, const DeskValues& after,
            std::optional<double> gesture = {});
  /// What the plan changes by itself belongs to the newest change.
  void amended(const DeskValues& before, const DeskValues& after);

  /// False where there is nothing to undo.
  bool undo(DeskValues& values);
  bool redo(DeskValues& values);
  std::optional<std::string> undo_name() const;
  std::optional<std::string> redo_name() const;

  const std::vector<Entry>& past() const { return past_; }
  const std::vector<Entry>& future() const { return future_; }
  void restore(std::vector<Entry> past, std::vector<Entry> future);

 private:
  std::vector<Entry> past_;    ///< The newest last.
  std::vector<Entry> future_;  ///< The next to be done again last.
};

}  // namespace gainstage::desk
