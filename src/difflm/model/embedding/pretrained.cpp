#include "difflm/model/embedding/pretrained.h"

#include <fmt/format.h>

#include "difflm/model/pretrained_rows.h"

namespace difflm {
namespace {

struct StartingRows {
  Tensor table;  // [V, pre-trained D]
  std::string note;
};

StartingRows starting_rows(const PretrainedEmbedding::Options& options, const EmbeddingSource& source) {
  if (source.saved != nullptr) {
    const auto found = source.saved->find("space.table");
    if (found == source.saved->end()) throw failure("model.safetensors", "holds no space.table, expected the embedding table");
    return {found->second.to(torch::kFloat32), ""};
  }
  if (options.path.empty()) {
    throw usage_error("model.pretrained.path", "is missing, expected a file of pre-trained embeddings",
                      "safetensors (a file, its index json or its folder) or GloVe / word2vec / fastText text");
  }
  const PretrainedRows rows = read_pretrained_rows(options.path, *source.tokenizer, options.tensor);
  return {rows.table,
          fmt::format("{} of {} tokens have no pre-trained row ({})", rows.missing, source.tokenizer->size(), rows.missing_rule)};
}

}  // namespace

PretrainedEmbedding::PretrainedEmbedding(const Options& options, const EmbeddingSource& source) : EmbeddingSpace(source.norm) {
  const StartingRows rows = starting_rows(options, source);
  table_ = options.trained ? register_parameter("table", rows.table.clone()) : register_buffer("table", rows.table);
  if (options.dimension > 0) {
    projection_ = register_module("projection",
                                  torch::nn::Linear(torch::nn::LinearOptions(rows.table.size(1), options.dimension).bias(false)));
  }
  note_ = rows.note;
}

}  // namespace difflm
