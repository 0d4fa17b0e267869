// What a language model is told of the labels that its text shall have: the sum of a learned vector each. A model trained with a
// random part of each text's labels (training/document_labels.h) writes with any of them, or none: control codes (Keskar et al.
// 2019, arXiv 1909.05858) of which several add up, and the condition of classifier-free guidance (Ho & Salimans 2022,
// arXiv 2207.12598).
#pragma once

#include "difflm/core/error.h"
#include "difflm/core/options.h"
#include "difflm/nn/torch.h"
#include "difflm/text/label.h"

namespace difflm {

// In section `model`, for models that write texts.
struct LabelOptions {
  bool labels = false;
  void describe(OptionVisitor& visitor) {
    visitor.field("labels", labels, "the network is told some of the text's labels (fields of a .jsonl or .csv), to write by them");
  }
};

// The usage error of a model whose texts have no labels.
Error no_labels(const std::string& option);

class LabelEmbedding : public torch::nn::Module {
 public:
  // Vectors of `channels` entries, at first normal with this deviation. Throws a usage error where there are no labels.
  LabelEmbedding(std::vector<Label> labels, int64_t channels, double stddev);

  const std::vector<Label>& labels() const { return labels_; }
  int64_t channels() const { return table_.size(1); }

  // Shown labels [B,L] float32, 1 where the text has it and the network is told -> [B,C].
  Tensor forward(const Tensor& shown) const { return torch::matmul(shown, table_); }

 private:
  std::vector<Label> labels_;
  Tensor table_;  // [L,C]
};

}  // namespace difflm
