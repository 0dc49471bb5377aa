// SPDX-License-Identifier: MIT
#include "stems.h"

namespace gainstage::cli {

Result<Stems> load_stems(const std::string& folder, BadStems bad_stems, Console& console) {
  auto stems = gainstage::load_stems(folder);
  if (!stems || stems->problems.empty() || bad_stems == BadStems::leave_out) return stems;
  for (const Error& problem : stems->problems) console.error(problem);
  return tl::unexpected(refusal_of_bad_stems(*stems, folder));
}

}  // namespace gainstage::cli
