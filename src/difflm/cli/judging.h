// What both kinds of evaluation need: the judge, and the corpus as a model could write it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "difflm/evaluation/judge/judge.h"
#include "difflm/model/run_folder.h"

namespace difflm {

// The texts of one side as the model could write them: through its tokenizer and packing, so that rare words are <unk> and a stream
// comes in blocks on all sides of a comparison.
std::vector<std::string> as_the_model_writes(const Run& run, const TokenDocuments& documents);

// The judge in the run folder `run`; empty: one that is trained on `training` once and cached. Null where there shall be `none`.
std::unique_ptr<Judge> make_judge(const std::string& run, bool none, const std::vector<std::string>& training, int64_t steps);

}  // namespace difflm
