#include <fmt/format.h>

#include "difflm/model/embedding/pretrained.h"

namespace difflm {

StartingRows::StartingRows(const PretrainedOptions& options, const EmbeddingSource& source, const std::string& section) {
  if (source.saved != nullptr) {
    const auto found = source.saved->find("space.table");
    if (found == source.saved->end()) throw failure("model.safetensors", "holds no space.table, expected the embedding table");
    table = found->second.to(torch::kFloat32);
    return;
  }
  if (options.path.empty()) {
    throw usage_error(section + ".path", "is missing, expected a file of pre-trained embeddings",
                      "safetensors (a file, its index json or its folder) or GloVe / word2vec / fastText text");
  }
  const PretrainedRows rows = read_pretrained_rows(options.path, *source.tokenizer, options.tensor);
  table = rows.table;
  note = fmt::format("{} of {} tokens have no pre-trained row ({})", rows.missing, source.tokenizer->size(), rows.missing_rule);
}

}  // namespace difflm
