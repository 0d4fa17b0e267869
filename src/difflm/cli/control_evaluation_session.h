// The measurement of steering as the user sees it: tasks, progress, the table on standard output, JSON and texts in files.
#pragma once

#include "difflm/cli/evaluation_session.h"

namespace difflm {

// What `difflm eval --control` does. Throws Interrupted after Ctrl-C, and a usage error without a run.
void evaluate_control_with_progress(const EvaluationRequest& request);

}  // namespace difflm
