// AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101) with gradient clipping and an exponential moving average of the weights; the
// weights inside transformer blocks may be updated by Muon instead (muon.h).
#pragma once

#include "difflm/core/options.h"
#include "difflm/kernels/adamw.h"
#include "difflm/training/flat_parameters.h"
#include "difflm/training/muon.h"

namespace difflm {

struct OptimizerOptions {
  std::string optimizer = "adamw";
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.99;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
  double clip = 1.0;
  double ema = 0.999;
  bool ema_warmup = true;
  void describe(OptionVisitor& visitor) {
    visitor.choice("optimizer", optimizer, "of the weights inside transformer blocks; all others always use AdamW",
                   {"adamw", "muon"});
    visitor.field("learning_rate", learning_rate, "step size after warm-up", {0, 10});
    visitor.field("beta1", beta1, "AdamW's memory of gradients", {0, 0.99999});
    visitor.field("beta2", beta2, "AdamW's memory of squared gradients", {0, 0.9999999});
    visitor.field("epsilon", epsilon, "AdamW's floor of the denominator", {0, 1});
    visitor.field("weight_decay", weight_decay, "decay of matrices (not of biases, norms and embedding tables)", {0, 10});
    visitor.field("clip", clip, "largest gradient norm, 0 for no clipping", {0, 1e9});
    visitor.field("ema", ema, "memory of the averaged weights that samples are drawn with, 0 for none", {0, 0.9999999});
    visitor.field("ema_warmup", ema_warmup,
                  "the average forgets faster early in training, or the random start would stay in it for long");
  }
};

class Optimizer {
 public:
  Optimizer(FlatParameters& parameters, const OptimizerOptions& options);

  // One update from the gradients, which are unchanged; `factor` scales the learning rate. Returns the gradient norm before
  // clipping. A norm that is not finite changes nothing.
  double step(double factor);

  const FlatParameters& parameters() const { return parameters_; }
  Tensor& average() { return average_; }  // [N]
  Tensor& first_moment() { return first_; }
  Tensor& second_moment() { return second_; }
  int64_t updates() const { return updates_; }
  void set_updates(int64_t updates) { updates_ = updates; }

 private:
  // The values begin .. end-1: in one pass on the CPU, as tensor operations elsewhere.
  void update(const AdamWStep& step, int64_t begin, int64_t end);

  FlatParameters& parameters_;
  OptimizerOptions options_;
  Muon muon_;
  Tensor first_;    // [N]
  Tensor second_;   // [N]
  Tensor average_;  // [N]
  int64_t updates_ = 0;
};

}  // namespace difflm
