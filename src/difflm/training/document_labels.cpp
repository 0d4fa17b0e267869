#include "difflm/training/document_labels.h"

#include <map>

#include "difflm/training/clean_context.h"

namespace difflm {
namespace {

constexpr double kShownShare = 0.9;  // of the texts; the others teach the model to write without labels

}  // namespace

DocumentLabels::DocumentLabels(const Sides<std::vector<Document>>& documents, const std::vector<Label>& labels)
    : count_(static_cast<int64_t>(labels.size())) {
  std::map<Label, int64_t> index;
  for (const auto& label : labels) index.emplace(label, static_cast<int64_t>(index.size()));
  for (const Side side : kSides) {
    for (const auto& document : documents[side]) {
      auto& own = of_documents_[side].emplace_back();
      for (const auto& label : labels_of(document)) {
        if (const auto found = index.find(label); found != index.end()) own.push_back(found->second);
      }
    }
  }
}

Tensor DocumentLabels::of(const Batch& batch) const {
  Tensor result = torch::zeros({batch.tokens.size(0), count_});
  auto access = result.accessor<float, 2>();
  for (size_t row = 0; row < batch.documents.size(); ++row) {
    const int64_t document = batch.documents[row];
    if (document == kNoDocument) continue;
    for (const int64_t label : of_documents_[batch.side].at(static_cast<size_t>(document)))
      access[static_cast<int64_t>(row)][label] = 1;
  }
  return result.to(batch.tokens.device());
}

Tensor DocumentLabels::draw_condition(const Batch& batch, RandomStream& random) const {
  return of(batch) * draw_given(batch.tokens.size(0), count_, kShownShare, random).to(batch.tokens.device());
}

}  // namespace difflm
