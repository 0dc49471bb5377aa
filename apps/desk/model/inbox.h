// SPDX-License-Identifier: MIT
// What the desk's threads have found, until the desk looks.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "engine/predict/heard_desk.h"
#include "opened_session.h"
#include "planning.h"
#include "saving.h"
#include "state_view.h"

namespace gainstage::desk {

/// All that was heard of a session at its own gains.
struct HeardSession {
  DeskParts parts;
  HeardDesk desk;
  FlowLevels levels;  ///< Of a DAW's strips; of stems empty.
  Json overview;
};

struct FoundPeak {
  std::vector<Db> gains;
  ExactPeak peak;
};

/// Letters from other threads; each kind holds the newest.
struct Letters {
  std::unique_ptr<OpenedSession> opened;
  std::optional<HeardSession> heard;
  std::optional<Error> failure;  ///< Of opening and measuring.
  std::optional<Result<DeskPlan>> plan;
  std::optional<Result<FoundPeak>> peak;
  std::optional<SaveResult> saved;
  std::optional<Error> not_kept;  ///< The state could not be written.
  std::optional<JobView> progress;
  std::optional<JobView> save_progress;
};

class Inbox {
 public:
  explicit Inbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// [any] `put` writes into the letters.
  template <typename Put>
  void post(Put put) {
    {
      const std::lock_guard lock(mutex_);
      put(letters_);
      has_news_ = true;
    }
    if (wake_) wake_();
  }

  /// [main] Nothing where there is no news.
  std::optional<Letters> take() {
    const std::lock_guard lock(mutex_);
    if (!has_news_) return std::nullopt;
    has_news_ = false;
    return std::exchange(letters_, {});
  }

 private:
  std::function<void()> wake_;
  std::mutex mutex_;
  Letters letters_;
  bool has_news_ = false;
};

}  // namespace gainstage::desk
