#include "difflm/evaluation/written_texts.h"

namespace difflm {

std::vector<std::string> as_the_model_writes(const Run& run, const TokenDocuments& documents) {
  std::vector<std::string> texts;
  std::vector<Token> text;
  for (const auto& sequence : run.packing->pack(documents, run.length, 0, nullptr)) {
    const auto part = run.packing->unpack(sequence.tokens);
    text.insert(text.end(), part.begin(), part.end());
    if (!sequence.ends && run.packing->long_texts().keeps_all()) continue;  // the model writes on, and so does this text
    texts.push_back(run.tokenizer->decode(text));
    text.clear();
  }
  return texts;
}

}  // namespace difflm
