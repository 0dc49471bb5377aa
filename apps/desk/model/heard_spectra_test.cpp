// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>

#include "desk.h"
#include "engine/engine.h"
#include "test_desk.h"

namespace gainstage::desk {
namespace {

using namespace test;

/// The third octaves of a file, as `spectra` has them.
std::vector<double> bands_of_file(const std::string& path) {
  const auto file = measure_file(path, {});
  EXPECT_TRUE(file);
  std::vector<double> bands;
  for (const double power : file->spectrum) bands.push_back(10.0 * std::log10(power));
  return bands;
}

void expect_bands(const Json& spectrum, const std::vector<double>& bands, double more_db) {
  ASSERT_EQ(spectrum["fader_out_dbfs"].size(), bands.size());
  for (std::size_t i = 0; i < bands.size(); ++i)
    EXPECT_NEAR(spectrum["fader_out_dbfs"][i].get<double>() + more_db, bands[i], 0.02) << i;
}

TEST(DeskOnStems, KnowsEveryTracksSpectrum) {
  const SongFolder song(6.0);
  OpenDesk desk(song.stems());
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  const Json& spectra = desk->session()["spectra"];
  ASSERT_EQ(spectra.size(), 5U);
  // A mono stem is on both channels of the mix.
  expect_bands(spectra["s0"], bands_of_file(song.stems() + "/bass.wav"), to_db(std::sqrt(0.5)).value);
  expect_bands(spectra["s1"], bands_of_file(song.stems() + "/guitar.wav"), 0.0);
}

TEST(DeskOnASession, KnowsEveryTracksSpectrumBehindItsFader) {
  const SongFolder song(6.0);
  OpenDesk desk(song.ardour());
  ASSERT_TRUE(desk.wait_for_phase("ready"));
  for (const Json& strip : desk->session()["strips"]) {
    if (strip["name"] != "guitar") continue;
    const Json& spectrum = desk->session()["spectra"][strip["id"].get<std::string>()];
    expect_bands(spectrum, bands_of_file(song.stems() + "/guitar.wav"), -strip["fader"]["db"].get<double>());
    EXPECT_NEAR(spectrum["in_mix_db"].get<double>(), 0.0, 0.01);
    return;
  }
  FAIL() << "there is no guitar";
}

}  // namespace
}  // namespace gainstage::desk
