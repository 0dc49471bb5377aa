// SPDX-License-Identifier: MIT
// Laws of the plan, from files to gains.
#include <algorithm>
#include <numeric>
#include <random>

#include "tests/laws/property.h"
#include "tests/laws/song.h"

namespace gainstage {
namespace {

using namespace gainstage::test;

GainPlan plan_of(const Session& session, const StagingOptions& options = {}) {
  return value_of(stage(session, options, {})).plan;
}

/// Each track's gain and the raise.
std::vector<double> moves_of(const GainPlan& plan) {
  std::vector<double> moves;
  for (const Db gain : mix_gains(plan)) moves.push_back(gain.value);
  return moves;
}

StagingOptions draw_delivery() {
  StagingOptions options;
  options.reach = *rc::gen::element(Reach::stop, Reach::lower, Reach::limit);
  options.target = {"numbers", {*between(-24.0, -10.0)}, {*between(-3.0, -0.1)}};
  return options;
}

TEST(PlanLaw, ScrambledLevelsGiveTheSameMix) {
  holds(16, [] {
    const std::vector<Stem> stems = make_stems(*recipes());
    const std::vector<double> scramble = *gains_between(stems.size(), -12.0, 12.0);
    const std::vector<double> plain = moves_of(plan_of(SongFiles(stems).session()));
    const std::vector<double> scrambled = moves_of(plan_of(SongFiles(stems, scramble).session()));
    for (std::size_t i = 0; i < stems.size(); ++i) {
      must_be_near(scramble[i] + scrambled[i], plain[i], 0.1, "level in the mix of " + stems[i].name);
    }
  });
}

TEST(PlanLaw, OrderOfTracksChangesNothing) {
  holds(10, [] {
    const std::vector<Stem> stems = make_stems(*recipes());
    std::vector<std::size_t> order(stems.size());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937(static_cast<unsigned>(*whole_between(0, 9999))));
    const GainPlan plain = plan_of(SongFiles(stems).session());
    const GainPlan shuffled = plan_of(SongFiles(stems, {}, order).session());
    for (std::size_t k = 0; k < order.size(); ++k) {
      const std::string& name = stems[order[k]].name;
      RC_ASSERT(shuffled.tracks[k].role.role == plain.tracks[order[k]].role.role);
      // Sums in another order may round the track's gain and the raise to the neighbouring 0.01 dB.
      must_be_near(moves_of(shuffled)[k], moves_of(plain)[order[k]], 0.0201, "gain of " + name);
    }
  });
}

TEST(PlanLaw, StagedStemsStayWhereTheyAre) {
  holds(16, [] {
    const SongFiles song(make_stems(*recipes()));
    const StagingOptions options = draw_delivery();
    RenderOptions rendering;
    rendering.format.sample_format = *rc::gen::element(SampleFormat::pcm24, SampleFormat::float32);
    const GainPlan first = plan_of(song.session(), options);
    const StemsReport written =
        value_of(render_stems(song.session(), mix_gains(first), song.folder() / "stems", rendering));
    const GainPlan second = plan_of(session_of(song.session(), written.paths), options);
    for (std::size_t i = 0; i < second.tracks.size(); ++i) {
      must_be_near(moves_of(second)[i], 0.0, 0.05, "second move of " + second.tracks[i].name);
    }
  });
}

/// Tracks by number that are bound in one way each, as far as they don't contradict each other.
struct Bonds {
  std::vector<std::size_t> group;
  std::vector<std::size_t> locked;
  std::vector<std::size_t> ranged;
};

StagingOptions draw_bonds(const Session& session, Bonds& bonds) {
  std::vector<std::size_t> numbers(session.tracks.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  std::shuffle(numbers.begin(), numbers.end(), std::mt19937(static_cast<unsigned>(*whole_between(0, 9999))));
  bonds.group = {numbers[0], numbers[1]};
  // A range of a group's member binds the whole group.
  bonds.ranged = {numbers[2], numbers[*whole_between(0, 1)]};
  if (*rc::gen::arbitrary<bool>()) bonds.locked = {numbers[3]};

  StagingOptions options = draw_delivery();
  const auto name = [&](std::size_t i) { return session.tracks[i].name; };
  options.groups = {{"pair", {name(bonds.group[0]), name(bonds.group[1])}}};
  for (const std::size_t i : bonds.locked) options.locked.insert(name(i));
  for (const std::size_t i : bonds.ranged) {
    const double low = *between(-20.0, 12.0);
    options.ranges[name(i)] = {Db{low}, Db{low + *between(0.0, 8.0)}};
  }
  return options;
}

TEST(PlanLaw, LocksRangesAndGroupsHold) {
  holds(16, [] {
    const SongFiles song(make_stems(*recipes()));
    Bonds bonds;
    const StagingOptions options = draw_bonds(song.session(), bonds);
    const GainPlan plan = plan_of(song.session(), options);
    const auto gain = [&](std::size_t i) { return plan.tracks[i].gain().value; };
    for (const std::size_t i : bonds.locked) RC_ASSERT(gain(i) == 0.0);
    for (const std::size_t i : bonds.ranged) {
      const GainRange& range = options.ranges.at(song.session().tracks[i].name);
      // Nominal and fader are added up again: some units of the last place.
      RC_ASSERT(gain(i) >= range.low.value - 1e-9);
      RC_ASSERT(gain(i) <= range.high.value + 1e-9);
    }
    must_be_near(gain(bonds.group[0]), gain(bonds.group[1]), 1e-9, "gains of a group");
  });
}

TEST(PlanLaw, LockedGroupStaysWhole) {
  holds(6, [] {
    const SongFiles song(make_stems(*recipes()));
    const std::vector<Track>& tracks = song.session().tracks;
    StagingOptions options;
    options.groups = {{"pair", {tracks[1].name, tracks[3].name}}};
    options.locked = {tracks[*rc::gen::element<std::size_t>(1, 3)].name};
    const GainPlan plan = plan_of(song.session(), options);
    RC_ASSERT(plan.tracks[1].gain().value == 0.0);
    RC_ASSERT(plan.tracks[3].gain().value == 0.0);
  });
}

}  // namespace
}  // namespace gainstage
