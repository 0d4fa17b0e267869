#include "difflm/cli/judging.h"

#include "difflm/cli/console.h"
#include "difflm/evaluation/judge/autoregressive_judge.h"

namespace difflm {

std::vector<std::string> as_the_model_writes(const Run& run, const TokenDocuments& documents) {
  std::vector<std::string> texts;
  for (const auto& sequence : run.packing->pack(documents, run.length, 0, nullptr)) {
    texts.push_back(run.tokenizer->decode(run.packing->unpack(sequence.tokens)));
  }
  return texts;
}

std::unique_ptr<Judge> make_judge(const std::string& run, bool none, const std::vector<std::string>& training, int64_t steps) {
  if (none) return nullptr;
  return std::make_unique<AutoregressiveJudge>(run.empty() ? train_judge(training, steps, cache_folder(), say) : run);
}

}  // namespace difflm
