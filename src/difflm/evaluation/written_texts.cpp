#include "difflm/evaluation/written_texts.h"

namespace difflm {

std::vector<std::string> as_the_model_writes(const Run& run, const TokenDocuments& documents) {
  std::vector<std::string> texts;
  for (const auto& sequence : run.packing->pack(documents, run.length, 0, nullptr)) {
    texts.push_back(run.tokenizer->decode(run.packing->unpack(sequence)));
  }
  return texts;
}

}  // namespace difflm
