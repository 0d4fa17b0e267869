// The update of Diffusion-LM's code (Li et al. 2022): after each step, a few moves of the latents along the sign of the gradient.
//
// The code builds a new Adagrad optimiser for each of its moves, whose first step is lr g / (|g| + 1e-10) = lr sign(g). The
// objective is the loss of the wish plus fluency times sum (mean - x)^2 / sigma, a pull back to the step's own mean; sigma is
// the standard deviation, not the variance. The last twentieth of the levels is left alone. Its settings: sampler ddim with eta 1,
// 200 steps, clamp always.
#pragma once

#include "difflm/model/model_as.h"
#include "difflm/steering/update_rule.h"

namespace difflm {

class ReferenceRule : public UpdateRule {
 public:
  struct Options {
    int64_t moves = 3;
    double rate = 0.1;
    double fluency = 0.01;
    double until = 0.05;
    void describe(OptionVisitor& visitor) {
      visitor.field("moves", moves, "moves after each step", {1, 1000});
      visitor.field("rate", rate, "length of a move in each coordinate", {0, 10});
      visitor.field("fluency", fluency, "weight of the pull back to the step's own mean", {0, 1e3});
      visitor.field("until", until, "noise level u below which nothing is moved", {0, 1});
    }
  };
  ReferenceRule(const Options& options, const Run& run)
      : options_(options), model_(model_as<DiffusionModel>(run.model, run.folder, "control.rule")) {}

  bool guides_logits() const override { return false; }
  Tensor guide_latents(const SteeredStep& step, const Guides& guides) override {
    if (step.u < options_.until) return step.x;
    Tensor x = step.x;
    for (int64_t move = 0; move < options_.moves; ++move) {
      const Tensor g = gradient(x, step, guides);
      if (!g.defined()) return step.x;
      x = x - options_.rate * (g / (g.abs() + 1e-10));
    }
    return x;
  }

 private:
  // [B,T,D], of what the moves lower: minus the log-probability of the wishes under the context-free estimate of x, plus the pull
  // back. Undefined where no wish is active at this level.
  Tensor gradient(const Tensor& x, const SteeredStep& step, const Guides& guides) const {
    const torch::AutoGradMode with_gradient(true);
    const Tensor leaf = x.detach().requires_grad_();
    const Tensor wished = weighted_log_probability(guides, context_free_view(leaf, step.u, step.table, *model_));
    if (!wished.defined()) return {};
    Tensor loss = -wished;
    if (options_.fluency > 0 && step.transition.stddev)
      loss = loss + options_.fluency * ((step.transition.mean - leaf).square() / *step.transition.stddev).sum({1, 2});
    return gradient_of(loss, leaf);
  }

  Options options_;
  std::shared_ptr<DiffusionModel> model_;
};

}  // namespace difflm
