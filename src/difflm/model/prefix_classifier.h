// The classifier of beginnings: which labels a text will have, from its first words alone. It steers an autoregressive model of the
// same texts and words (steering/guide/fudge.h), and never judges: the future discriminator of FUDGE (Yang & Klein 2021,
// arXiv 2104.05218).
//
// A causal transformer, so that the state behind each word has seen what stands before it and nothing else.
#pragma once

#include "difflm/model/language_model.h"
#include "difflm/nn/transformer.h"

namespace difflm {

class PrefixClassifier : public LanguageModel {
 public:
  struct Options {
    std::string base;
    int64_t width = 96;
    int64_t layers = 2;
    int64_t heads = 4;
    double dropout = 0.1;
    void describe(OptionVisitor& visitor);
  };

  PrefixClassifier(const Options& options, const ModelSource& source);

  std::string kind() const override { return "prefix-classifier"; }
  std::string note() const override;

  // Scores of each label behind each token: inputs [B,T] int64, T <= the longest sequence + 2 -> [B,T,L]; the probability is their
  // sigmoid.
  Tensor scores(const Tensor& inputs);

  const std::vector<Label>& labels() const { return labels_; }

 private:
  std::vector<Label> labels_;
  torch::nn::Embedding embedding_{nullptr};
  std::shared_ptr<PositionSum> position_;
  std::shared_ptr<Transformer> blocks_;
  torch::nn::Linear head_{nullptr};
};

}  // namespace difflm
