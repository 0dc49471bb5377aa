// SPDX-License-Identifier: MIT
#include "desk_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <filesystem>

#include "session_at.h"
#include "state_view.h"
#include "workspace/error_sentence.h"

namespace gainstage::desk {
namespace {

constexpr std::chrono::milliseconds pause_before_exact{150};
constexpr std::chrono::milliseconds keep_within{300};

tl::unexpected<Error> wrong(std::string sentence) { return failure(ErrorCode::usage, std::move(sentence)); }

std::string time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return fmt::format("{:02}:{:02}", local.tm_hour, local.tm_min);
}

std::optional<std::pair<double, double>> loop_of(const Json& transport) {
  if (!transport.is_object() || !transport.contains("loop")) return std::nullopt;
  const Json& loop = transport["loop"];
  if (!loop.is_object()) return std::nullopt;
  const auto from = loop.find("from_s");
  const auto to = loop.find("to_s");
  if (from == loop.end() || to == loop.end() || !from->is_number() || !to->is_number()) return std::nullopt;
  const std::pair range(from->get<double>(), to->get<double>());
  return range.first < range.second ? std::optional(range) : std::nullopt;
}

std::vector<StripRatios> as_ratios(const LiveSettings& live) {
  std::vector<StripRatios> ratios;
  for (const LiveSettings::Strip& strip : live.strips) ratios.push_back({strip.trim, strip.fader});
  return ratios;
}

}  // namespace

void DeskModel::poll() {
  auto letters = inbox_.take();
  if (!letters) return;
  if (letters->progress && phase_ != "ready") progress_ = std::move(letters->progress);
  if (letters->save_progress && saving_values_) save_progress_ = std::move(letters->save_progress);
  if (letters->opened) take_opened(std::move(letters->opened));
  if (letters->failure) {
    phase_ = "failed";
    failure_ = sentence_of(*letters->failure);
    progress_.reset();
  }
  if (letters->heard) take_heard(*std::move(letters->heard));
  if (letters->plan) take_plan(*std::move(letters->plan));
  if (letters->peak) take_peak(*std::move(letters->peak));
  if (letters->saved) take_saved(*std::move(letters->saved));
  if (letters->not_kept) {
    note("state-not-kept",
         "The desk's state can't be kept beside the session: " + sentence_of(*letters->not_kept));
  }
  rebuild_state();
}

void DeskModel::take_plan(Result<DeskPlan> plan) {
  progress_.reset();
  if (plan && plan->request != asked_) return;  // A newer one is on its way.
  phase_ = "ready";
  if (!plan) {
    if (plan.error().code != ErrorCode::cancelled) note("no-plan", sentence_of(plan.error()));
    return;
  }
  plan_ = *std::move(plan);
  ++report_revision_;
  const DeskValues before = values_;
  // On the way from the session to the plan a part of it would go back.
  const bool is_whole = values_.common.step || values_.common.strength_percent >= 100.0;
  for (std::size_t i = 0; i < values_.strips.size(); ++i) {
    StripValues& strip = values_.strips[i];
    // What hands did is in the plan now, so the strip goes with it, unless it was moved since.
    const bool is_taken = strip.held && strip.held->how != Held::How::lock && is_whole &&
                          is_same_place(strip.held->moved_db, moved_db(opened_->table.strips[i], strip.at));
    if (is_taken) strip.is_by_hand = false;
  }
  if (values_.common.step && !plan_->placed.find(*values_.common.step)) values_.common.step.reset();
  settle(opened_->table, placed(), values_);
  history_.amended(before, values_);
  follow_values();
  if (values_ != before) keep_state_soon();
}

void DeskModel::take_peak(Result<FoundPeak> found) {
  if (!found) {
    is_measuring_peak_ = false;
    if (found.error().code != ErrorCode::cancelled) note("no-exact-peak", sentence_of(found.error()));
    return;
  }
  if (!predictor_->learn(std::move(found->peak), found->gains)) return;
  is_measuring_peak_ = false;
  ++history_revision_;
  find_clips();
}

void DeskModel::take_saved(SaveResult saved) {
  save_progress_.reset();
  for (std::string& name : saved.outputs) {
    if (std::ranges::find(outputs_, name) == outputs_.end()) outputs_.push_back(std::move(name));
  }
  for (Json& entry : saved.saved) {
    if (entry["what"] == "session" && saving_values_) clean_values_ = *saving_values_;
    saved_.push_back(std::move(entry));
  }
  saving_values_.reset();
  suggested_ = suggested_names(*opened_, outputs_);
  if (saved.error) {
    note(saved.error->code == ErrorCode::cancelled ? "save-cancelled" : "save-failed",
         sentence_of(*saved.error));
  }
  keep_state_soon();
}

Result<void> DeskModel::command(const Json& message) {
  const Message given(message);
  const auto name = given.text("do");
  if (!name) return tl::unexpected(name.error());
  poll();
  if (!opened_) {
    return failure(ErrorCode::usage, phase_ == "failed"
                                         ? "The session could not be opened, so nothing can be done."
                                         : "The session is still being opened; wait a moment.");
  }
  auto done = carry_out(*name, given);
  if (done) rebuild_state();
  return done;
}

Result<void> DeskModel::carry_out(const std::string& name, const Message& message) {
  if (is_move(name)) {
    auto move = moved(name, message, values_, {opened_->table, placed(), targets_});
    if (!move) return tl::unexpected(move.error());
    set_values(std::move(move->name), std::move(move->values), move->gesture);
    return {};
  }
  if (is_listening_command(name)) {
    auto next = listened(name, message, listening_, opened_->table, (coins_() & 1U) != 0);
    if (!next) return tl::unexpected(next.error());
    if (name == "mute" && mute_of_session(message)) return {};
    listening_ = *std::move(next);
    follow_listening();
    return {};
  }
  if (name == "undo" || name == "redo") return undo_or_redo(name);
  if (name == "store" || name == "recall") return store_or_recall(name, message);
  if (name == "save") return begin_save(message);
  if (name == "cancel") {
    cancel_job();
    return {};
  }
  if (name == "clear_clips") {
    clear_clips();
    return {};
  }
  return wrong(fmt::format("There is no command {}.", shown(Json(name))));
}

bool DeskModel::mute_of_session(const Message& message) {
  const std::size_t strip = *message.strip(opened_->table);
  const DeskStrip& own = opened_->table.strips[strip];
  if (!own.is_muted) return false;
  const bool is_on = *message.flag("on");
  DeskValues values = values_;
  values.strips[strip].is_unmuted = !is_on;
  set_values((is_on ? "Mute of " : "Unmute of ") + own.name, std::move(values));
  return true;
}

void DeskModel::set_values(std::string name, DeskValues values, std::optional<double> gesture) {
  history_.done(std::move(name), values_, values, gesture);
  values_ = std::move(values);
  follow_values();
  keep_state_soon();
}

Result<void> DeskModel::undo_or_redo(const std::string& command) {
  const bool is_done = command == "undo" ? history_.undo(values_) : history_.redo(values_);
  if (!is_done) return wrong(fmt::format("There is nothing to {}.", command));
  follow_values();
  keep_state_soon();
  return {};
}

Result<void> DeskModel::store_or_recall(const std::string& command, const Message& message) {
  const auto slot = message.text("slot");
  if (!slot) return tl::unexpected(slot.error());
  if (slot->size() != 1 || slot->front() < 'A' || slot->front() > 'D')
    return wrong(fmt::format("\"slot\" must be \"A\", \"B\", \"C\" or \"D\"; it is {}.", shown(Json(*slot))));
  auto& snapshot = snapshots_[static_cast<std::size_t>(slot->front() - 'A')];
  if (command == "store") {
    snapshot = Snapshot{values_, time_of_day()};
    keep_state_soon();
    return {};
  }
  if (!snapshot) return wrong(fmt::format("Nothing is stored in {}.", *slot));
  set_values("Recall of " + *slot, snapshot->values);
  return {};
}

Result<void> DeskModel::begin_save(const Message& message) {
  if (saving_values_) return wrong("Something is being saved already; wait for it, or cancel it.");
  auto request = save_request_of(message, *opened_, outputs_, plan_.has_value() && predictor_.has_value());
  if (!request) return tl::unexpected(request.error());
  saving_values_ = values_;
  save_progress_ = JobView{"saving", 0.0};
  SaveState state{values_, ratios_, plan_, targets_};
  const Measurements* const measurements = predictor_ ? &predictor_->measurements() : nullptr;
  saver_.start([this, request = *std::move(request), state = std::move(state),
                measurements](const Cancellation& cancellation) {
    WorkOptions options = work(cancellation);
    options.progress = [this](std::string_view what, double share) {
      inbox_.post([&](Letters& letters) { letters.save_progress = JobView{std::string(what), share}; });
    };
    SaveResult result = save(*opened_, request, state, measurements, &levels_, options);
    inbox_.post([&](Letters& letters) { letters.saved = std::move(result); });
  });
  return {};
}

void DeskModel::cancel_job() {
  if (!saving_values_) {
    measurer_.cancel();
    is_measuring_peak_ = false;
  } else if (saver_.cancel()) {
    // It had not begun, so nobody else will say how it ended.
    take_saved({{}, Json::array(), Error{ErrorCode::cancelled, "Saving was cancelled.", {}}});
  }
}

void DeskModel::clear_clips() {
  live_clips_.clear();
  cleared_over_db_.assign(opened_->table.flow_strips, 0.0);
  find_clips();
  for (std::size_t s = 0; s < clips_.size(); ++s)
    cleared_over_db_[s] = clips_[s] ? clips_[s]->over_db + 0.01 : 0.0;
  find_clips();
}

std::vector<bool> DeskModel::entered_now() const { return entered(opened_->table, placed(), values_.common); }

void DeskModel::follow_values() {
  ratios_ = ratios_of(opened_->table, bare_flow_, values_);
  is_input_moved_ = has_moved_input(bare_flow_, ratios_, opened_->own);
  if (const auto target = meant(values_.common.target, targets_)) target_ = *target;
  predict();
  ask_for_plan();
  find_clips();
  follow_listening();
}

void DeskModel::predict() {
  if (!predictor_) return;
  if (predictor_->predict(ratios_).is_exact) {
    measurer_.cancel();
    is_measuring_peak_ = false;
    ++history_revision_;
    return;
  }
  ask_for_exact_peak();
}

void DeskModel::ask_for_exact_peak() {
  is_measuring_peak_ = true;
  std::vector<float> bounds = predictor_->hop_bounds();
  measurer_.start_after_pause(
      [this, gains = predictor_->gains(), bounds = std::move(bounds)](const Cancellation& cancellation) {
        WorkOptions options = work(cancellation);
        options.decoded = &decoded_;
        auto peak = exact_true_peak(predictor_->parts().session, gains, bounds, {}, options);
        if (cancellation.is_cancelled()) return;
        inbox_.post([&](Letters& letters) {
          if (peak) {
            letters.peak = FoundPeak{gains, *std::move(peak)};
          } else {
            letters.peak = tl::unexpected(peak.error());
          }
        });
      },
      pause_before_exact);
}

void DeskModel::ask_for_plan() {
  if (!predictor_) return;
  PlanRequest request = request_of(values_);
  if (opened_->is_all_down) {
    // All of it is in the plan, whoever raises it.
    for (PlanRequest::OfStrip& strip : request.strips) strip.is_raised = false;
  }
  if (asked_ == request) return;
  asked_ = request;
  phase_ = "planning";
  planner_.start([this, request = std::move(request)](const Cancellation& cancellation) {
    WorkOptions options = work(cancellation);
    options.decoded = &decoded_;
    options.progress = [this](std::string_view, double share) {
      inbox_.post([&](Letters& letters) { letters.progress = JobView{"planning", share}; });
    };
    auto plan =
        make_plan(*opened_, predictor_->measurements(), levels_, request, targets_, closed_hearing_, options);
    if (cancellation.is_cancelled()) return;
    inbox_.post([&](Letters& letters) { letters.plan = std::move(plan); });
  });
}

void DeskModel::follow_listening() {
  if (listening_.compare.is_on) match_comparison();
  live_ = live_settings(opened_->table, bare_flow_, ratios_, opened_->own, listening_, entered_now());
}

void DeskModel::match_comparison() {
  if (!predictor_) return;
  Listening plain = listening_;
  plain.compare.is_on = true;
  const auto heard = [&](bool is_before) {
    plain.compare.hears_before = is_before;
    return as_ratios(live_settings(opened_->table, bare_flow_, ratios_, opened_->own, plain, entered_now()));
  };
  const auto before = heard(true);
  const auto after = heard(false);
  const auto range = loop_of(transport_);
  const Predictor::Stretch heard_before = predictor_->stretch(before, range);
  const Predictor::Stretch heard_after = predictor_->stretch(after, range);
  const Db ceiling = target_.aim ? target_.aim->ceiling : Db{};
  match(listening_.compare, heard_before.integrated, heard_after.integrated, heard_before.true_peak,
        heard_after.true_peak, ceiling);
}

void DeskModel::find_clips() {
  clips_.assign(opened_->table.flow_strips, std::nullopt);
  cleared_over_db_.resize(clips_.size(), -1.0);
  for (std::size_t s = 0; s < clips_.size(); ++s) {
    if (s < heard_.size()) clips_[s] = worst_clip(heard_[s], ratios_[s], is_input_moved_[s]);
    if (clips_[s] && clips_[s]->over_db <= cleared_over_db_[s]) clips_[s].reset();
    if (s >= live_clips_.size() || !(live_clips_[s].over_db > 0.0f)) continue;
    const auto over_db = static_cast<double>(live_clips_[s].over_db);
    if (!clips_[s] || over_db > clips_[s]->over_db)
      clips_[s] = ClipMark{live_clips_[s].tap, over_db, live_clips_[s].at_s, 1};
  }
}

void DeskModel::show_transport(const Json& transport) {
  if (transport == transport_) return;
  const bool is_other_loop = loop_of(transport) != loop_of(transport_);
  transport_ = transport;
  if (opened_ && is_other_loop && listening_.compare.is_on) {
    follow_listening();
    rebuild_state();
    return;
  }
  state_["transport"] = transport_;
  ++revision_;
}

void DeskModel::show_clips(const std::vector<LiveClip>& clips) {
  if (!opened_) return;
  const std::vector<std::optional<ClipMark>> before = clips_;
  live_clips_ = clips;
  find_clips();
  if (clips_ != before) rebuild_state();
}

std::string DeskModel::history() const {
  if (!predictor_) return "";
  const MixLoudness::History loudness = predictor_->history();
  const auto series = [](const std::vector<float>& values) {
    Json list = Json::array();
    for (const float value : values) {
      const double rounded = std::round(100.0 * static_cast<double>(value)) / 100.0;
      list.push_back(std::isfinite(value) ? Json(rounded) : Json());
    }
    return list;
  };
  Json loudest;
  const auto most = std::ranges::max_element(loudness.short_term_lufs);
  if (most != loudness.short_term_lufs.end() && std::isfinite(*most)) {
    loudest = {{"at_s", 0.1 * static_cast<double>(most - loudness.short_term_lufs.begin() + 1)},
               {"short_term_lufs", *most}};
  }
  Json clips = Json::array();
  for (std::size_t s = 0; s < clips_.size(); ++s) {
    if (!clips_[s]) continue;
    clips.push_back({{"strip", opened_->table.strips[s].id},
                     {"tap", to_string(clips_[s]->tap)},
                     {"at_s", clips_[s]->at_s},
                     {"over_db", clips_[s]->over_db}});
  }
  const Json json{{"hop_s", 0.1},
                  {"momentary_lufs", series(loudness.momentary_lufs)},
                  {"short_term_lufs", series(loudness.short_term_lufs)},
                  {"loudest", std::move(loudest)},
                  {"true_peak_at_s", predictor_->prediction().true_peak_at_s},
                  {"clips", std::move(clips)}};
  return json.dump();
}

Json DeskModel::targets() const {
  Json list = Json::array();
  for (const Target& target : targets_) {
    if (!target.aim) continue;
    list.push_back({{"id", target.id},
                    {"name", target.title},
                    {"integrated_lufs", target.aim->integrated.value},
                    {"ceiling_dbtp", target.aim->ceiling.value}});
  }
  return list;
}

void DeskModel::note(std::string code, std::string sentence) {
  // The newest of a kind counts, and no more of it is kept.
  std::erase_if(notes_, [&](const Warning& warning) { return warning.code == code; });
  notes_.push_back({std::move(code), "", std::move(sentence), {}});
}

void DeskModel::rebuild_state() {
  std::vector<Warning> notes = notes_;
  if (opened_) notes.insert(notes.end(), opened_->notes.begin(), opened_->notes.end());
  if (plan_) notes.insert(notes.end(), plan_->notes.begin(), plan_->notes.end());
  std::optional<JobView> job = save_progress_;
  if (!job && is_measuring_peak_) job = JobView{"measuring the true peak", 0.0};
  Json next = state_json({phase_,
                          progress_,
                          failure_,
                          opened_.get(),
                          values_,
                          history_,
                          snapshots_,
                          listening_,
                          plan_ ? &*plan_ : nullptr,
                          ratios_,
                          is_input_moved_,
                          heard_,
                          clips_,
                          predictor_ ? &*predictor_ : nullptr,
                          is_measuring_peak_,
                          target_,
                          transport_,
                          values_ != clean_values_,
                          saved_,
                          suggested_,
                          job,
                          notes});
  if (next == state_) return;
  state_ = std::move(next);
  ++revision_;
}

SessionMark DeskModel::mark() const { return {opened_->kind, opened_->file, opened_->fingerprint}; }

KeptState DeskModel::kept() const {
  const auto newest = [](const std::vector<History::Entry>& entries) {
    const std::size_t count = std::min(entries.size(), most_kept_changes);
    return std::vector<History::Entry>(entries.end() - static_cast<std::ptrdiff_t>(count), entries.end());
  };
  return {values_, newest(history_.past()), newest(history_.future()), snapshots_, outputs_};
}

void DeskModel::keep_state_soon() {
  if (!may_keep_) return;
  is_unkept_ = true;
  keeper_.start(
      [this, state = kept()](const Cancellation&) {
        const std::string text = state_text(state, opened_->table, mark());
        auto written = write_file(state_path(opened_->folder, opened_->file), text, Overwrite::yes);
        if (!written) inbox_.post([&](Letters& letters) { letters.not_kept = written.error(); });
      },
      keep_within);
}

void DeskModel::flush() {
  if (!opened_ || !may_keep_ || !is_unkept_) return;
  keeper_.finish();
  is_unkept_ = false;
  const std::string text = state_text(kept(), opened_->table, mark());
  auto written = write_file(state_path(opened_->folder, opened_->file), text, Overwrite::yes);
  if (!written) note("state-not-kept", sentence_of(written.error()));
}

}  // namespace gainstage::desk
