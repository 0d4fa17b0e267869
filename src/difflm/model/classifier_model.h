// The classifier of attributes: which fields with which values a partially denoised text expresses, at any noise level. It steers
// (steering/guide/attribute.h) and never judges.
//
// It reads a diffusion model's own estimate of the clean text (or, as Diffusion-LM's, the noisy latents), so it is trained on
// exactly what it will see when it steers. Each label, "food=Italian", has a detector at every position; the text has the label
// where any of them fires: p = 1 - prod_t (1 - sigmoid(z_t)), a noisy-or (Pearl 1988). Fields may have several values, or none.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "difflm/model/frozen_base.h"
#include "difflm/text/label.h"

namespace difflm {

class ClassifierModel : public BaseReader {
 public:
  using Options = FrozenBaseOptions;
  ClassifierModel(const Options& options, const ModelSource& source);

  std::string note() const override;

  // log p of having each label and of lacking it: what it reads [B,T,D], at levels u [B] float64 -> [B,L] each.
  struct LogProbabilities {
    Tensor log_has;
    Tensor log_lacks;
  };
  LogProbabilities classify(const Tensor& read, const Tensor& u);

  const std::vector<Label>& labels() const { return labels_; }
  const FrozenBase& base() const override { return base_; }

 private:
  FrozenBase base_;
  std::vector<Label> labels_;
  std::shared_ptr<Denoiser> network_;
  torch::nn::Dropout dropout_{nullptr};
  Tensor bias_;  // [L]
};

}  // namespace difflm
