// Moves the latents along the normalised gradient through the denoiser, so that a wish sees the clean text they would become
// (universal guidance, Bansal et al. 2023, arXiv 2302.07121). Each move costs one forward and one backward pass of the network.
#pragma once

#include "difflm/model/model_as.h"
#include "difflm/steering/update_rule.h"

namespace difflm {

class DenoiserRule : public UpdateRule {
 public:
  struct Options {
    int64_t moves = 1;
    double rate = 0.3;
    double until = 0.05;
    void describe(OptionVisitor& visitor) {
      visitor.field("moves", moves, "moves after each step", {1, 1000});
      visitor.field("rate", rate, "length of a move, in standard deviations of the noise", {0, 100});
      visitor.field("until", until, "noise level u below which nothing is moved", {0, 1});
    }
  };
  DenoiserRule(const Options& options, const Run& run)
      : options_(options), model_(model_as<DiffusionModel>(run.model, run.folder, "control.rule")) {}

  bool guides_logits() const override { return false; }
  Tensor guide_latents(const SteeredStep& step, const Guides& guides) override {
    if (step.u < options_.until) return step.x;
    const torch::AutoGradMode with_gradient(true);
    const auto level = torch::full({step.x.size(0)}, step.u, torch::TensorOptions().dtype(torch::kFloat64).device(step.x.device()));
    const double stddev = std::sqrt(1 - model_->process().alpha_bar(step.u));
    Tensor x = step.x;
    for (int64_t move = 0; move < options_.moves; ++move) {
      x = x.detach().requires_grad_();
      const Estimate estimate = model_->estimate({x, level, step.x0, step.given}, step.table, 1, false);
      const Tensor probabilities = model_->logits(estimate.point, step.table).softmax(-1);
      const Tensor wished = weighted_log_probability(guides, {probabilities, torch::matmul(probabilities, step.table), x, step.u});
      if (!wished.defined()) return step.x;
      const Tensor g = gradient_of(wished, x);
      const Tensor size = g.square().mean({1, 2}, true).sqrt() + 1e-20;
      x = (x + options_.rate * stddev * g / size).detach();
    }
    return x;
  }

 private:
  Options options_;
  std::shared_ptr<DiffusionModel> model_;
};

}  // namespace difflm
