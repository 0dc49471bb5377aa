// SPDX-License-Identifier: MIT
// What a session is staged by, and how its mix is written.
#pragma once

#include "delivery/target.h"
#include "engine/engine.h"
#include "report/report.h"

namespace gainstage {

struct StageSettings {
  StagingOptions staging;
  Target target;
  MeasureOptions measuring;
  RenderSettings render;
};

/// Format, bits, limiter and what is done with samples that are not finite, for the engine.
RenderOptions render_options(const RenderSettings& render);

}  // namespace gainstage
