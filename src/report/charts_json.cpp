// SPDX-License-Identifier: MIT
#include "report/charts_json.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "report/tonal_balance.h"

namespace gainstage {
namespace {

constexpr std::size_t most_points = 6000;

/// How many values of a series become one point.
std::size_t thinning(std::size_t values) {
  return std::max<std::size_t>(1, (values + most_points - 1) / most_points);
}

double greatest(std::span<const float> values) { return *std::ranges::max_element(values); }

double mean(std::span<const float> values) {
  double sum = 0.0;
  for (float value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Json rounded(double value) { return number(std::round(value * 100.0) / 100.0); }

template <typename Reduce>
Json thinned(const std::vector<float>& values, std::size_t each, Reduce reduce) {
  Json points = Json::array();
  for (std::size_t first = 0; first < values.size(); first += each) {
    const std::size_t count = std::min(each, values.size() - first);
    points.push_back(rounded(reduce(std::span(values).subspan(first, count))));
  }
  return points;
}

Json rounded_list(const ThirdOctaves& values) {
  Json list = Json::array();
  for (double value : values) list.push_back(rounded(value));
  return list;
}

Json spectrum_json(const SpectrumChart& spectrum) {
  Json families = Json::object();
  for (const auto& [family, powers] : spectrum.families)
    families[std::string(to_string(family))] = decibels(powers);
  const auto target = tonal_balance_target(spectrum.mix);
  return {{"bands_hz", third_octave_centres_hz},
          {"mix_db", decibels(spectrum.mix)},
          {"target_db", target ? rounded_list(*target) : Json()},
          {"families", std::move(families)}};
}

Json stereo_json(const StereoChart& stereo) {
  const std::size_t each = thinning(stereo.correlation.values.size());
  return {{"correlation",
           {{"hop_s", stereo.correlation.hop_s * static_cast<double>(each)},
            {"values", thinned(stereo.correlation.values, each, mean)}}},
          {"width", {{"bands_hz", third_octave_centres_hz}, {"values", rounded_list(stereo.width)}}},
          {"vectorscope", {{"size", stereo.vectorscope_size}, {"counts", stereo.vectorscope}}}};
}

}  // namespace

Json to_json(const Charts& charts) {
  const std::size_t each = thinning(std::max(charts.momentary_lufs.size(), charts.short_term_lufs.size()));
  Json reduction;
  if (charts.gain_reduction) {
    const TimeSeries& series = *charts.gain_reduction;
    const std::size_t reduction_each = thinning(series.values.size());
    reduction = {{"hop_s", series.hop_s * static_cast<double>(reduction_each)},
                 {"db", thinned(series.values, reduction_each, greatest)}};
  }
  return {{"loudness",
           {{"hop_s", charts.hop_s * static_cast<double>(each)},
            {"momentary_lufs", thinned(charts.momentary_lufs, each, greatest)},
            {"short_term_lufs", thinned(charts.short_term_lufs, each, greatest)}}},
          {"spectrum", charts.spectrum ? spectrum_json(*charts.spectrum) : Json()},
          {"stereo", charts.stereo ? stereo_json(*charts.stereo) : Json()},
          {"gain_reduction", std::move(reduction)}};
}

}  // namespace gainstage
