// How a language model is conditioned on the labels that its text should have: by the sum of one learned vector per label. A model
// trained with a random part of each text's labels (training/document_labels.h) writes with any of them, or none. These are control
// codes (Keskar et al. 2019, arXiv 1909.05858), several of which add up, and the condition of classifier-free guidance (Ho &
// Salimans 2022, arXiv 2207.12598).
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
    visitor.field("labels", labels, "condition the network on some of the text's labels (fields of a .jsonl or .csv)");
  }
};

// The usage error of a model whose texts have no labels.
Error no_labels(const std::string& option);

class LabelEmbedding : public torch::nn::Module {
 public:
  // Vectors of `channels` entries, initially normal with this standard deviation. Throws a usage error where there are no labels.
  LabelEmbedding(std::vector<Label> labels, int64_t channels, double stddev);

  const std::vector<Label>& labels() const { return labels_; }
  int64_t channels() const { return table_.size(1); }

  // Shown labels [B,L] float32, 1 where the text has the label and the network gets it -> [B,C].
  Tensor forward(const Tensor& shown) const { return torch::matmul(shown, table_); }

 private:
  std::vector<Label> labels_;
  Tensor table_;  // [L,C]
};

}  // namespace difflm
