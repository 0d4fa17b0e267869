// The network predicts tokens: the output is a point whose rounding logits give x0 = softmax(logits) . E, which stays in the convex
// hull of the embeddings ("score interpolation", Dieleman et al. 2022, arXiv 2211.15089; Plaid, arXiv 2305.18619).
//
// With `skip` the exact posterior of each token seen alone, logits += sqrt(abar) / (1 - abar) x_t . E where noise is Gaussian, is
// added, so that the network only learns what the context adds. Since logits are linear in the point, the skip is added to the
// point.
#pragma once

#include "difflm/diffusion/parametrisation.h"

namespace difflm {

class LogitsParametrisation : public Parametrisation {
 public:
  struct Options {
    bool skip = true;
    double skip_limit = 100;
    void describe(OptionVisitor& visitor) {
      visitor.field("skip", skip, "add the posterior of the token seen alone to the logits");
      visitor.field("skip_limit", skip_limit, "largest weight of that posterior", {0, 1e6});
    }
  };
  explicit LogitsParametrisation(const Options& options) : options_(options) {}

  Estimate read(const Tensor& output, const NoisyState& state, const Expectation& expectation) const override {
    const Tensor point = options_.skip ? output + context_free_point(state) : output;
    return {output, point, expectation ? expectation(point) : Tensor()};
  }
  Tensor context_free_point(const NoisyState& state) const override {
    return state.skip_weight.clamp_max(options_.skip_limit) * state.x_t;
  }
  Tensor regressed(const Estimate& estimate) const override { return estimate.x0; }
  Tensor target(const Tensor& x0, const Tensor&, const Tensor&) const override { return x0; }
  bool has_logits() const override { return true; }

 private:
  Options options_;
};

}  // namespace difflm
