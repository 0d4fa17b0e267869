// The classifier of constituents: which labels ("NP") a partially denoised text has between which words, at any noise level of a
// frozen diffusion model. It steers (steering/guide/span.h) and never judges.
//
// Each position has a state as the first word of a constituent and one as its last; a label is a bilinear form of the two, as in
// biaffine parsing (Dozat and Manning 2017, arXiv 1611.01734). Labels do not exclude each other: a word alone may be both NP and S.
#pragma once

#include <string>
#include <vector>

#include "difflm/model/frozen_base.h"

namespace difflm {

class SpanClassifier : public BaseReader {
 public:
  struct Options : FrozenBaseOptions {
    int64_t state = 32;
    void describe(OptionVisitor& visitor) {
      FrozenBaseOptions::describe(visitor);
      visitor.field("state", state, "size of a position's state as first or last word", {1, 4096});
    }
  };

  SpanClassifier(const Options& options, const ModelSource& source);

  std::string note() const override;

  // Logits of each label [B,L,T,T] between first and last word, given what is read [B,T,D] at levels u [B] float64; the probability
  // is their sigmoid.
  Tensor logits(const Tensor& read, const Tensor& u);

  const std::vector<std::string>& labels() const { return labels_; }

  const FrozenBase& base() const override { return base_; }

 private:
  FrozenBase base_;
  std::vector<std::string> labels_;
  std::shared_ptr<Denoiser> network_;
  torch::nn::Dropout dropout_{nullptr};
  Tensor form_;  // [L,H+1,H+1] with a one appended to each state
};

}  // namespace difflm
