// SPDX-License-Identifier: MIT
#include "workspace/stage_settings.h"

namespace gainstage {

RenderOptions render_options(const RenderSettings& render) {
  RenderOptions options;
  options.format.container = render.format == "flac" ? Container::flac : Container::wav;
  options.format.sample_format = render.bits == "16"   ? SampleFormat::pcm16
                                 : render.bits == "24" ? SampleFormat::pcm24
                                                       : SampleFormat::float32;
  options.non_finite = render.non_finite_as_silence ? NonFinite::silence : NonFinite::refuse;
  options.limiter_ceiling = render.limiter_ceiling;
  return options;
}

}  // namespace gainstage
