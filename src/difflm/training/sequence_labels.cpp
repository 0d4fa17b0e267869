#include "difflm/training/sequence_labels.h"

#include "difflm/data/prepared.h"
#include "difflm/training/clean_context.h"

namespace difflm {
namespace {

constexpr double kToldShare = 0.9;  // of the texts; the others teach to write untold

}  // namespace

std::vector<std::pair<Sequence, Document>> annotated_sequences(const std::string& folder, const Tokenizer& tokenizer,
                                                               const Packing& packing, int64_t length) {
  std::vector<std::pair<Sequence, Document>> result;
  for (const std::string side : {"train", "validation"}) {
    for (auto& document : read_prepared_documents(folder, side)) {
      auto packed = packing.pack({tokenizer.encode(document.text)}, length, 0, nullptr);
      if (!packed.empty()) result.emplace_back(std::move(packed.front()), std::move(document));
    }
  }
  return result;
}

SequenceLabels::SequenceLabels(const std::vector<std::pair<Sequence, Document>>& texts, const std::vector<Label>& labels)
    : count_(static_cast<int64_t>(labels.size())) {
  std::map<Label, int64_t> index;
  for (const auto& label : labels) index.emplace(label, static_cast<int64_t>(index.size()));
  for (const auto& [sequence, document] : texts) {
    auto& own = labels_[sequence];
    for (const auto& label : labels_of(document)) {
      if (const auto found = index.find(label); found != index.end()) own.push_back(found->second);
    }
  }
}

Tensor SequenceLabels::of(const Tensor& tokens) const {
  const Tensor on_cpu = tokens.to(torch::kCPU).contiguous();
  Tensor result = torch::zeros({tokens.size(0), count_});
  auto access = result.accessor<float, 2>();
  for (int64_t row = 0; row < tokens.size(0); ++row) {
    const auto found = labels_.find(sequence_of(on_cpu, row));
    if (found == labels_.end()) continue;
    for (const int64_t label : found->second) access[row][label] = 1;
  }
  return result.to(tokens.device());
}

Tensor SequenceLabels::shown(const Tensor& tokens, RandomStream& random) const {
  return of(tokens) * draw_given(tokens.size(0), count_, kToldShare, random).to(tokens.device());
}

Sequence sequence_of(const Tensor& tokens, int64_t row) {
  const int64_t* first = tokens.data_ptr<int64_t>() + row * tokens.size(1);
  return {first, first + tokens.size(1)};
}

}  // namespace difflm
