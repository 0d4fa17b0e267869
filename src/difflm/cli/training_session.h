// A training as the user sees it: set-up, live line, validation and samples on standard error, Ctrl-C. Shared by the verbs `train`,
// `demo` and `compare`.
#pragma once

#include "difflm/difflm.h"

namespace difflm {

// Does what `request` asks for; its callbacks are set here, all but on_folder. Throws Interrupted after Ctrl-C, with the work
// saved.
Training train_with_progress(TrainRequest request);

}  // namespace difflm
