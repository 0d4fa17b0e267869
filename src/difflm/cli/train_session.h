// A training session as the user sees it: set-up, live line, validation and samples on standard error, Ctrl-C. Shared by the verbs
// `train` and `demo`.
#pragma once

#include <string>

#include "difflm/core/config.h"

namespace difflm {

// Trains `config` (resolved) in `folder`, or goes on with the run there. Throws Interrupted after Ctrl-C, with the work saved.
void train_with_progress(const Config& config, const std::string& folder);

}  // namespace difflm
