// Samples the latents of each step given the wish, by Langevin dynamics (Welling and Teh 2011; for text Qin et al. 2022, arXiv
// 2202.11705).
//
// A step's own distribution is N(mean, s^2), so given the wish its score is (mean - x) / s^2 + d log p(wish) / dx, and a move is
//   x + (rate s)^2 / 2 * score + rate s z,   z ~ N(0, 1).
// Without a wish such moves leave the distribution of the step as it is (but for terms of order rate^2): nothing is pulled off it.
#pragma once

#include "difflm/model/model_as.h"
#include "difflm/steering/update_rule.h"

namespace difflm {

class LangevinRule : public UpdateRule {
 public:
  struct Options {
    int64_t moves = 3;
    double rate = 0.5;
    double until = 0.05;
    void describe(OptionVisitor& visitor) {
      visitor.field("moves", moves, "moves after each step", {1, 1000});
      visitor.field("rate", rate, "noise of a move, in standard deviations of the step", {0, 1});
      visitor.field("until", until, "noise level u below which nothing is moved", {0, 1});
    }
  };
  LangevinRule(const Options& options, const Run& run)
      : options_(options), model_(model_as<DiffusionModel>(run.model, run.folder, "control.rule")) {}

  bool moves_words() const override { return false; }
  Tensor move_latents(const SteeredStep& step, const Wishes& wishes) override {
    if (step.u < options_.until) return step.x;
    Tensor x = step.x;
    for (int64_t move = 0; move < options_.moves; ++move) {
      const Tensor g = latent_gradient(x, step, wishes, *model_, 0);
      if (!g.defined()) return step.x;
      if (!step.move.deviation.defined()) {
        throw usage_error("control.rule", "langevin needs a sampler that takes noise in its steps",
                          "sample with ddpm, or ddim with --set sampling.ddim.eta=1.0");
      }
      const Tensor size = options_.rate * step.move.deviation;
      const Tensor drift = options_.rate * options_.rate / 2 * (step.move.mean - x) - size.square() / 2 * g;
      x = x + drift + size * step.noise();
    }
    return x;
  }

 private:
  Options options_;
  std::shared_ptr<DiffusionModel> model_;
};

}  // namespace difflm
