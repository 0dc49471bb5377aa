// SPDX-License-Identifier: MIT
// How a desk comes up: the session, what a killed desk left, what is heard, the plan.
#include <fmt/format.h>

#include <filesystem>

#include "desk_model.h"
#include "engine/job.h"
#include "engine/measure_flow.h"
#include "heard_spectra.h"
#include "overview.h"
#include "workspace/error_sentence.h"
#include "workspace/known_targets.h"
#include "workspace/text_file.h"

namespace gainstage::desk {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_gram_bytes = std::size_t{24} << 20;  // A pass over it takes some milliseconds.
constexpr std::size_t most_decoded_bytes = std::size_t{512} << 20;

/// Everything that is heard of a session at its own gains.
Result<HeardSession> hear(const OpenedSession& opened, const WorkOptions& work) {
  auto parts = desk_parts(opened.session());
  if (!parts) return tl::unexpected(parts.error());
  const MeasureOptions options;
  const double desk_share = opened.daw ? 0.6 : 0.85;
  auto desk = hear_desk(opened.session(), *parts, most_gram_bytes, options, part_of(work, 0.0, desk_share));
  if (!desk) return tl::unexpected(desk.error());
  FlowLevels levels;
  if (opened.daw) {
    auto measured = measure_flow(with_closed_ways(opened), options, part_of(work, desk_share, 0.85));
    if (!measured) return tl::unexpected(measured.error());
    levels = *std::move(measured);
  }
  auto overview = overview_of(opened, desk->measurements, part_of(work, 0.85, 1.0));
  if (!overview) return tl::unexpected(overview.error());
  return HeardSession{*std::move(parts), *std::move(desk), std::move(levels), *std::move(overview)};
}

}  // namespace

DeskModel::DeskModel(DeskOptions options)
    : options_(std::move(options)), decoded_(most_decoded_bytes), inbox_(options_.wake) {
  transport_ = {{"playing", false}, {"position_s", 0.0}, {"loop", nullptr}};
  session_json_ = {{"schema", "gainstage.desk/1"},
                   {"name", fs::path(options_.path).filename().string()},
                   {"kind", nullptr},
                   {"file", nullptr},
                   {"sample_rate_hz", nullptr},
                   {"channels", nullptr},
                   {"duration_s", nullptr},
                   {"strips", Json::array()}};
  auto targets = known_targets({});
  targets_ = targets ? *std::move(targets) : built_in_targets();
  if (!targets) note("targets", sentence_of(targets.error()));
  begin();
  rebuild_state();
}

DeskModel::~DeskModel() { flush(); }

WorkOptions DeskModel::work(const Cancellation& cancellation) const {
  WorkOptions options;
  options.threads = options_.threads;
  options.cancellation = &cancellation;
  return options;
}

void DeskModel::begin() {
  const auto target = meant({options_.target, -14.0, -1.0}, targets_);
  if (!target) {
    phase_ = "failed";
    failure_ = sentence_of(target.error());
    return;
  }
  target_ = *target;
  opener_.start([this](const Cancellation& cancellation) {
    auto opened = open_session(options_.path, options_.printed);
    if (!opened) {
      inbox_.post([&](Letters& letters) { letters.failure = opened.error(); });
      return;
    }
    // The desk keeps it for as long as this thread may run.
    const OpenedSession& session = **opened;
    inbox_.post([&](Letters& letters) { letters.opened = *std::move(opened); });
    WorkOptions options = work(cancellation);
    options.decoded = &decoded_;
    options.progress = [this](std::string_view what, double share) {
      inbox_.post([&](Letters& letters) { letters.progress = JobView{std::string(what), share}; });
    };
    auto heard = hear(session, options);
    inbox_.post([&](Letters& letters) {
      if (heard) {
        letters.heard = *std::move(heard);
      } else {
        letters.failure = heard.error();
      }
    });
  });
}

void DeskModel::take_opened(std::unique_ptr<OpenedSession> opened) {
  opened_ = std::move(opened);
  phase_ = "measuring";
  bare_flow_ = without_clips(*opened_->playable.flow);
  values_ = initial_values(opened_->table, options_.target);
  clean_values_ = values_;
  listening_.is_muted.assign(opened_->table.strips.size(), false);
  listening_.is_soloed.assign(opened_->table.strips.size(), false);
  session_json_ = desk::session_json(opened_->table, opened_->playable, opened_->kind, opened_->file);
  session_json_["name"] = opened_->session().name;
  session_json_["duration_s"] = opened_->session().duration_s();
  ++session_revision_;
  take_up_state();
  suggested_ = suggested_names(*opened_, outputs_);
  follow_values();
}

void DeskModel::take_up_state() {
  const std::string path = state_path(opened_->folder, opened_->file);
  std::error_code error;
  if (!fs::exists(fs::symlink_status(path, error))) return;
  const auto text = read_text(path);
  Result<TakenUp> taken = text ? state_of_text(*text, opened_->table, mark()) : tl::unexpected(text.error());
  if (taken && !meant(taken->state.values.common.target, targets_)) {
    taken->state.values.common.target = values_.common.target;
    taken->notes.push_back("The destination that was chosen is not known any more.");
  }
  if (!taken) {
    const std::string aside = path + ".damaged";
    fs::rename(path, aside, error);
    may_keep_ = !error;
    note("state-refused",
         fmt::format("What an earlier desk left beside the session can't be taken up: {} {}",
                     taken.error().sentence,
                     error ? "It stays where it is, and nothing is kept of this one."
                           : fmt::format("It is kept as {}.", fs::path(aside).filename().string())));
    return;
  }
  KeptState& state = taken->state;
  values_ = std::move(state.values);
  history_.restore(std::move(state.past), std::move(state.future));
  snapshots_ = std::move(state.snapshots);
  outputs_ = std::move(state.outputs);
  for (std::string& sentence : taken->notes) note("state-changed", std::move(sentence));
}

void DeskModel::take_heard(HeardSession heard) {
  levels_ = std::move(heard.levels);
  heard_ = heard_of(*opened_, heard.desk.measurements, levels_);
  session_json_["spectra"] = spectra_of(*opened_, heard.desk.measurements, levels_);
  predictor_.emplace(std::move(heard.parts), std::move(heard.desk), opened_->session().duration_s());
  session_json_["overview"] = std::move(heard.overview);
  ++session_revision_;
  phase_ = "planning";
  progress_.reset();
  follow_values();
  ++history_revision_;
}

std::unique_ptr<Desk> Desk::open(DeskOptions options) {
  return std::make_unique<DeskModel>(std::move(options));
}

}  // namespace gainstage::desk
