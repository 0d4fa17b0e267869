// The classifier of beginnings: which labels a text will have, from its first words alone. It steers an autoregressive model with
// the same texts and vocabulary (steering/guide/fudge.h), and never judges: the future discriminator of FUDGE (Yang & Klein 2021,
// arXiv 2104.05218).
//
// A causal transformer: the state at each token has seen this token and those before it, and nothing else.
#pragma once

#include "difflm/model/autoregressive_model.h"
#include "difflm/model/reader.h"

namespace difflm {

class PrefixClassifier : public Reader {
 public:
  using Base = AutoregressiveModel;

  struct Options : ReaderOptions {
    int64_t width = 96;
    int64_t layers = 2;
    int64_t heads = 4;
    double dropout = 0.1;
    void describe(OptionVisitor& visitor);
  };

  PrefixClassifier(const Options& options, const ModelSource& source);

  std::string note() const override;

  // Logits of each label after each token: inputs [B,T] int64, T <= the longest sequence + 2 -> [B,T,L]; the probability is their
  // sigmoid.
  Tensor logits(const Tensor& inputs);

  const std::vector<Label>& labels() const { return labels_; }

  std::string base_folder() const override { return base_; }
  void prepare_to_steer(const Run& steered, const std::string& option) override;

 private:
  std::string base_;
  std::vector<Label> labels_;
  torch::nn::Embedding embedding_{nullptr};
  std::shared_ptr<PositionSum> position_;
  std::shared_ptr<Transformer> blocks_;
  torch::nn::Linear head_{nullptr};
};

}  // namespace difflm
