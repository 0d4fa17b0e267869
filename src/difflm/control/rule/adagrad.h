// Adagrad as it was published (Duchi et al. 2011), where Diffusion-LM's code builds it anew for each move: the squares of all
// gradients of a text add up over its moves and steps, so moves grow shorter where the wish has pulled before.
#pragma once

#include <limits>

#include "difflm/control/update_rule.h"

namespace difflm {

class AdagradRule : public UpdateRule {
 public:
  struct Options {
    int64_t moves = 3;
    double rate = 0.1;
    double fluency = 0.01;
    double until = 0.05;
    void describe(OptionVisitor& visitor) {
      visitor.field("moves", moves, "moves after each step", {1, 1000});
      visitor.field("rate", rate, "length of the first move in each coordinate", {0, 10});
      visitor.field("fluency", fluency, "weight of the pull back to the step's own mean", {0, 1e3});
      visitor.field("until", until, "noise level u below which nothing is moved", {0, 1});
    }
  };
  explicit AdagradRule(const Options& options) : options_(options) {}

  bool moves_words() const override { return false; }
  Tensor move_latents(const SteeredStep& step, const Wishes& wishes, DiffusionModel& model) override {
    if (step.u >= level_) squares_ = Tensor();  // a level that rises begins other texts
    level_ = step.u;
    if (step.u < options_.until) return step.x;
    Tensor x = step.x;
    for (int64_t move = 0; move < options_.moves; ++move) {
      const Tensor g = latent_gradient(x, step, wishes, model, options_.fluency);
      if (!g.defined()) return step.x;
      squares_ = squares_.defined() ? squares_ + g.square() : g.square();
      x = x - options_.rate * g / (squares_.sqrt() + 1e-10);
    }
    return x;
  }

 private:
  Options options_;
  double level_ = std::numeric_limits<double>::infinity();  // of the step before
  Tensor squares_;                                          // [B,T,D] sum over the moves of these texts
};

}  // namespace difflm
