// What rules have in common that move the latents as they are, after each step: a few moves along a direction made of the gradient
// of the wish, with a pull back to the step's own mean. Each rule says what direction.
#pragma once

#include "difflm/model/model_as.h"
#include "difflm/steering/update_rule.h"

namespace difflm {

struct LatentRuleOptions {
  int64_t moves = 3;
  double rate = 0.1;
  double fluency = 0.01;
  double until = 0.05;
  void describe(OptionVisitor& visitor) {
    visitor.field("moves", moves, "moves after each step", {1, 1000});
    visitor.field("rate", rate, "length of a move; the first move in each coordinate, or the root mean square", {0, 10});
    visitor.field("fluency", fluency, "weight of the pull back to the step's own mean", {0, 1e3});
    visitor.field("until", until, "noise level u below which nothing is moved", {0, 1});
  }
};

class LatentRule : public UpdateRule {
 public:
  using Options = LatentRuleOptions;
  LatentRule(const Options& options, const Run& run)
      : options_(options), model_(model_as<DiffusionModel>(run.model, run.folder, "control.rule")) {}

  bool moves_words() const final { return false; }
  Tensor move_latents(const SteeredStep& step, const Wishes& wishes) final {
    begin(step.u);
    if (step.u < options_.until) return step.x;
    Tensor x = step.x;
    for (int64_t move = 0; move < options_.moves; ++move) {
      const Tensor gradient = latent_gradient(x, step, wishes, *model_, options_.fluency);
      if (!gradient.defined()) return step.x;
      x = x - options_.rate * direction(gradient);
    }
    return x;
  }

 private:
  // Told of each step before its moves.
  virtual void begin(double /*u*/) {}

  // [B,T,D] -> [B,T,D] of size 1.
  virtual Tensor direction(const Tensor& gradient) = 0;

  Options options_;
  std::shared_ptr<DiffusionModel> model_;
};

}  // namespace difflm
