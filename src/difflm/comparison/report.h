// Everything that an experiment leaves to read: results.jsonl, results.csv, report.html.
#pragma once

#include <string>
#include <vector>

#include "difflm/comparison/experiment_folder.h"

namespace difflm {

// Writes the three files from what is finished and returns the answers, one sentence each. Needs no model and no Torch.
std::vector<std::string> write_report(const ExperimentFolder& folder);

}  // namespace difflm
