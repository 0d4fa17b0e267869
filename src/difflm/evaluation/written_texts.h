// The corpus of a run as the model could write it.
#pragma once

#include <string>
#include <vector>

#include "difflm/model/run_folder.h"

namespace difflm {

// The texts of one side through the model's tokenizer and packing, so that rare words are <unk> and a stream comes in blocks on all
// sides of a comparison.
std::vector<std::string> as_the_model_writes(const Run& run, const TokenDocuments& documents);

}  // namespace difflm
