// SPDX-License-Identifier: MIT
// The desk: puts commands, threads and documents together. Private to this folder.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "desk.h"
#include "engine/decoded_samples.h"
#include "heard_levels.h"
#include "history.h"
#include "inbox.h"
#include "listening.h"
#include "moves.h"
#include "prediction.h"
#include "state_file.h"
#include "worker.h"

namespace gainstage::desk {

class DeskModel final : public Desk {
 public:
  explicit DeskModel(DeskOptions options);
  ~DeskModel() override;

  void poll() override;
  const Json& session() const override { return session_json_; }
  const Json& state() const override { return state_; }
  std::uint64_t session_revision() const override { return session_revision_; }
  std::uint64_t revision() const override { return revision_; }
  std::uint64_t report_revision() const override { return report_revision_; }
  std::uint64_t history_revision() const override { return history_revision_; }
  std::string report() const override { return plan_ ? plan_->report : ""; }
  std::string history() const override;
  Json targets() const override;
  Result<void> command(const Json& message) override;
  const Session* playable() const override { return opened_ ? &opened_->playable : nullptr; }
  const LiveSettings& live() const override { return live_; }
  void show_transport(const Json& transport) override;
  void show_clips(const std::vector<LiveClip>& clips) override;
  void flush() override;

 private:
  // Opening (desk_opening.cpp).
  void begin();
  void take_opened(std::unique_ptr<OpenedSession> opened);
  void take_up_state();
  void take_heard(HeardSession heard);
  WorkOptions work(const Cancellation& cancellation) const;

  // What the threads have found (desk_model.cpp).
  void take_plan(Result<DeskPlan> plan);
  void take_peak(Result<FoundPeak> found);
  void take_saved(SaveResult saved);

  // Commands.
  Result<void> carry_out(const std::string& command, const Message& message);
  /// A mute of the session's own is a change as any; false where it is none.
  bool mute_of_session(const Message& message);
  Result<void> undo_or_redo(const std::string& command);
  Result<void> store_or_recall(const std::string& command, const Message& message);
  Result<void> begin_save(const Message& message);
  void set_values(std::string name, DeskValues values, std::optional<double> gesture = {});
  void cancel_job();
  void clear_clips();

  // Whatever follows from the values.
  void follow_values();     ///< Ratios, prediction, plan, state's file; then follow_listening().
  void follow_listening();  ///< What is heard, and the state.
  void predict();
  void ask_for_plan();
  void ask_for_exact_peak();
  void match_comparison();
  void find_clips();
  void rebuild_state();
  void keep_state_soon();
  KeptState kept() const;
  SessionMark mark() const;
  std::vector<bool> entered_now() const;
  const PlacedPlan* placed() const { return plan_ ? &plan_->placed : nullptr; }
  void note(std::string code, std::string sentence);

  DeskOptions options_;
  std::vector<Target> targets_;
  Target target_;
  std::string phase_ = "opening";
  std::optional<std::string> failure_;
  std::unique_ptr<OpenedSession> opened_;
  SignalFlow bare_flow_;
  DeskValues values_;
  DeskValues clean_values_;  ///< As they were saved last.
  History history_;
  Snapshots snapshots_;
  std::vector<std::string> outputs_;
  Listening listening_;
  std::vector<StripRatios> ratios_;
  std::vector<bool> is_input_moved_;
  std::optional<Predictor> predictor_;
  FlowLevels levels_;
  std::vector<StripHeard> heard_;
  std::optional<DeskPlan> plan_;
  std::optional<PlanRequest> asked_;             ///< What the newest plan, or the one that is made, is for.
  std::optional<ClosedHearing> closed_hearing_;  ///< The planner's thread alone has to do with it.
  std::vector<LiveClip> live_clips_;
  std::vector<double> cleared_over_db_;  ///< What the user has seen of each strip.
  std::vector<std::optional<ClipMark>> clips_;
  std::vector<Warning> notes_;  ///< Besides those of the session and the plan.
  Json saved_ = Json::array();
  Json suggested_;
  bool is_measuring_peak_ = false;
  bool may_keep_ = true;    ///< The state's file is ours to write.
  bool is_unkept_ = false;  ///< Something was changed that a flush must write.
  std::optional<JobView> progress_;
  std::optional<JobView> save_progress_;
  std::optional<DeskValues> saving_values_;  ///< Set while a session is saved.
  Json transport_;
  LiveSettings live_;
  Json session_json_;
  Json state_;
  std::uint64_t session_revision_ = 0;
  std::uint64_t revision_ = 0;
  std::uint64_t report_revision_ = 0;
  std::uint64_t history_revision_ = 0;
  std::mt19937 coins_{std::random_device{}()};
  DecodedSamples decoded_;
  Inbox inbox_;

  // They use what is above, and end before it.
  Worker opener_{Worker::Running::cancel};
  Worker planner_{Worker::Running::cancel};
  Worker measurer_{Worker::Running::cancel};
  Worker saver_{Worker::Running::cancel};
  Worker keeper_{Worker::Running::finish};
};

}  // namespace gainstage::desk
