// SPDX-License-Identifier: MIT
// Runs a fuzz target over its seeds and over mutations of them: `X_fuzz FIRST END SEED...`; a seed may be a
// folder of seeds. A mutation of one number is the same at every run. The number at work is written to
// X_fuzz.at first, so that a crash can be repeated: `X_fuzz 1234 1235 SEED...`.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz_target.h"

namespace {

using Bytes = std::vector<std::uint8_t>;
using Random = std::mt19937;

Bytes read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "Can't read the seed %s\n", path.c_str());
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> files_of(const std::string& seed) {
  if (!std::filesystem::is_directory(seed)) return {seed};
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(seed)) {
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::size_t below(Random& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

/// Iterators to a stretch of `bytes`, short more often than long.
std::pair<std::ptrdiff_t, std::ptrdiff_t> stretch(Random& random, const Bytes& bytes) {
  const std::size_t first = below(random, bytes.size());
  const std::size_t longest =
      std::min<std::size_t>(bytes.size() - first, std::size_t{1} << below(random, 12));
  return {static_cast<std::ptrdiff_t>(first),
          static_cast<std::ptrdiff_t>(first + 1 + below(random, longest))};
}

void mutate(Random& random, Bytes& bytes) {
  static constexpr std::uint8_t interesting[] = {0,    1,    0x20, 0x22, 0x2d, 0x2e, 0x39,
                                                 0x5b, 0x65, 0x7b, 0x7f, 0x80, 0xff};
  if (bytes.empty()) bytes.push_back(0);
  const auto [first, last] = stretch(random, bytes);
  const auto from = bytes.begin() + first;
  const auto to = bytes.begin() + last;
  switch (below(random, 7)) {
    case 0:
      *from = static_cast<std::uint8_t>(*from ^ (1u << below(random, 8)));
      break;
    case 1:
      *from = interesting[below(random, std::size(interesting))];
      break;
    case 2:
      std::fill(from, to, interesting[below(random, std::size(interesting))]);
      break;
    case 3:
      bytes.erase(from, to);
      break;
    case 4: {
      const Bytes copy(from, to);
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(random, bytes.size())), copy.begin(),
                   copy.end());
      break;
    }
    case 5:
      std::reverse(from, to);
      break;
    default:
      bytes.resize(below(random, bytes.size()) + 1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s FIRST END SEED...\n", argv[0]);
    return 2;
  }
  const unsigned long first = std::strtoul(argv[1], nullptr, 10);
  const unsigned long end = std::strtoul(argv[2], nullptr, 10);
  std::vector<Bytes> seeds;
  for (int i = 3; i < argc; ++i) {
    for (const std::string& path : files_of(argv[i])) seeds.push_back(read(path));
  }
  for (const Bytes& seed : seeds) LLVMFuzzerTestOneInput(seed.data(), seed.size());

  const std::string trace_name = std::filesystem::path(argv[0]).filename().string() + ".at";
  std::ofstream trace(trace_name);
  for (unsigned long i = first; i < end; ++i) {
    trace.seekp(0);
    trace << i << std::endl;
    Random random(static_cast<Random::result_type>(i));
    Bytes bytes = seeds[below(random, seeds.size())];
    for (std::size_t times = 1 + below(random, 6); times > 0; --times) mutate(random, bytes);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  trace.close();
  std::filesystem::remove(trace_name);
  std::printf("%zu seeds and the mutations %lu to %lu\n", seeds.size(), first, end);
  return 0;
}
