// What a run is, in plain types.
#pragma once

#include "difflm/difflm.h"
#include "difflm/model/run_folder.h"

namespace difflm {

ModelInfo info_of(const Run& run);

}  // namespace difflm
