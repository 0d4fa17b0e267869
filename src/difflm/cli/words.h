// The progress line of training, in words.
#pragma once

#include <fmt/format.h>

#include <string>

#include "difflm/cli/console.h"
#include "difflm/training/trainer.h"

namespace difflm {

inline std::string progress_text(const TrainEvents::Step& step) {
  const std::string steps = step.steps > 0 ? fmt::format("{}/{}", step.step, step.steps) : fmt::format("{}", step.step);
  return fmt::format("step {}  loss {:.3f}  {:.0f} tokens/s  {:.0f}% done, {} left", steps, step.loss, step.tokens_per_second,
                     100 * std::min(1.0, step.spent), duration(step.seconds_left));
}

}  // namespace difflm
