#include "difflm/training/document_spans.h"

#include <algorithm>

#include "difflm/syntax/tree_spans.h"

namespace difflm {

DocumentSpans::DocumentSpans(const PreparedData& data, const std::vector<std::string>& labels)
    : count_(static_cast<int64_t>(labels.size())) {
  const auto documents = data.documents();
  for (const Side side : kSides) {
    for (size_t at = 0; at < documents[side].size(); ++at) {
      auto& own = of_documents_[side].emplace_back();
      const TreeSpans tree = tree_spans(documents[side][at].tree);
      if (tree.words.empty() || tree.words.size() != data.tokens(side)[at].size()) continue;
      fitting_ += side == Side::training ? 1 : 0;
      for (const auto& span : tree.spans) {
        const auto label = std::find(labels.begin(), labels.end(), span.label) - labels.begin();
        if (label < count_) own.push_back({label, span.first, span.last});
      }
    }
  }
}

Tensor DocumentSpans::of(const Batch& batch) const {
  const int64_t length = batch.tokens.size(1);
  Tensor result = torch::zeros({batch.tokens.size(0), count_, length, length});
  auto access = result.accessor<float, 4>();
  for (size_t row = 0; row < batch.documents.size(); ++row) {
    const int64_t document = batch.documents[row];
    if (document == kNoDocument) continue;
    const int64_t begin = batch.first_of(row);
    for (const auto& [label, first, last] : of_documents_[batch.side].at(static_cast<size_t>(document))) {
      if (first < begin || last >= begin + length) continue;  // not wholly in this part of the text
      access[static_cast<int64_t>(row)][label][first - begin][last - begin] = 1;
    }
  }
  return result.to(batch.tokens.device());
}

}  // namespace difflm
