// A run in training: a run like one opened from its folder, and the texts from which it learns.
//
// As it is a Run, whatever samples or evaluates a trained model does the same with one in training.
#pragma once

#include "difflm/data/prepared.h"
#include "difflm/model/run_folder.h"

namespace difflm {

struct TrainingRun : Run {
  PreparedData data;
};

}  // namespace difflm
