// An evaluation as the user sees it: progress, the table on standard output, JSON and texts in files. Shared by the verbs `eval`
// and `compare`.
#pragma once

#include <string>

#include "difflm/difflm.h"

namespace difflm {

// Does what `request` asks for; its callbacks are set here. `json` and `keep` are files to write, empty for none. Throws
// Interrupted after Ctrl-C.
void evaluate_with_progress(EvaluationRequest request, const std::string& json, const std::string& keep);

}  // namespace difflm
