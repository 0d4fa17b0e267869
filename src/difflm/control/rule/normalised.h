// Moves the latents along the gradient itself, not its sign, each text by the same length: coordinates that say nothing of the wish
// stay where they are.
#pragma once

#include "difflm/control/update_rule.h"

namespace difflm {

class NormalisedRule : public UpdateRule {
 public:
  struct Options {
    int64_t moves = 3;
    double rate = 0.1;
    double fluency = 0.01;
    double until = 0.05;
    void describe(OptionVisitor& visitor) {
      visitor.field("moves", moves, "moves after each step", {1, 1000});
      visitor.field("rate", rate, "length of a move, root mean square over coordinates", {0, 10});
      visitor.field("fluency", fluency, "weight of the pull back to the step's own mean", {0, 1e3});
      visitor.field("until", until, "noise level u below which nothing is moved", {0, 1});
    }
  };
  explicit NormalisedRule(const Options& options) : options_(options) {}

  bool moves_words() const override { return false; }
  Tensor move_latents(const SteeredStep& step, const Wishes& wishes, DiffusionModel& model) override {
    if (step.u < options_.until) return step.x;
    Tensor x = step.x;
    for (int64_t move = 0; move < options_.moves; ++move) {
      const Tensor g = latent_gradient(x, step, wishes, model, options_.fluency);
      if (!g.defined()) return step.x;
      x = x - options_.rate * g / (g.square().mean({1, 2}, true).sqrt() + 1e-20);
    }
    return x;
  }

 private:
  Options options_;
};

}  // namespace difflm
