// SPDX-License-Identifier: MIT
#include "measure_files.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <thread>

#include "workspace/daw_session.h"

namespace gainstage::cli {
namespace {

/// The share of all files that is done, from what each tells.
class SharedProgress {
 public:
  SharedProgress(const Progress& progress, std::size_t files) : progress_(progress), shares_(files, 0.0) {}

  Progress of(std::size_t file) {
    if (!progress_) return {};
    return [this, file](std::string_view what, double share) {
      const std::scoped_lock lock(mutex_);
      shares_[file] = share;
      progress_(what,
                std::accumulate(shares_.begin(), shares_.end(), 0.0) / static_cast<double>(shares_.size()));
    };
  }

 private:
  const Progress& progress_;
  std::mutex mutex_;
  std::vector<double> shares_;
};

Result<FileMeasurements> measure_one(const std::string& path, const std::string& printed_folder,
                                     const MeasureOptions& options, const WorkOptions& work) {
  if (!is_daw_session(path)) return measure_file(path, options, work);
  const auto opened = load_daw_session(path, printed_folder);
  if (!opened) return tl::unexpected(opened.error());
  return measure_mix(opened->session, options, work);
}

}  // namespace

std::vector<Result<FileMeasurements>> measure_files(const std::vector<std::string>& files,
                                                    const MeasureOptions& options, const WorkOptions& work,
                                                    const std::string& printed_folder) {
  std::vector<Result<FileMeasurements>> results(files.size());
  const std::size_t machine = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t workers = std::min(files.size(), work.threads > 0 ? work.threads : machine);
  SharedProgress progress(work.progress, files.size());
  std::atomic<std::size_t> next{0};
  const auto take_files = [&] {
    for (std::size_t file = next++; file < files.size(); file = next++) {
      WorkOptions own = work;
      own.progress = progress.of(file);
      if (workers > 1) own.threads = 1;
      results[file] = measure_one(files[file], printed_folder, options, own);
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t worker = 1; worker < workers; ++worker) threads.emplace_back(take_files);
  take_files();
  threads.clear();  // Waits.
  return results;
}

}  // namespace gainstage::cli
