// The token at the least Euclidean distance. With logits -|x - e|^2 / (2 width^2) it is the posterior of a token seen through
// Gaussian noise of that width under a uniform prior. Nothing is learned.
//
// |x|^2 is the same for all tokens, so that the logits are (x.e - |e|^2 / 2) / width^2.
#pragma once

#include "difflm/model/rounding/fused_rounding.h"

namespace difflm {

class NearestRounding : public Rounding {
 public:
  struct Options {
    double width = 1;
    void describe(OptionVisitor& visitor) { visitor.field("width", width, "standard deviation of the assumed noise", {1e-6, 1e6}); }
  };
  NearestRounding(const Options& options, const RoundingShape&) : factor_(1 / (options.width * options.width)) {}

  Tensor logits(const Tensor& points, const Tensor& table) override {
    return factor_ * (multiply(points, table.t()) + bias(table));
  }

  Rounded round(const Tensor& points, const Tensor& table) override {
    if (!fused_.can_run(points, table)) return Rounding::round(points, table);
    const torch::NoGradGuard no_grad;
    return fused_.round(points, table, factor_, [&] { return FusedRounding::Head{table, bias(table)}; });
  }

  void use_kernels(std::optional<Instructions> level) override { fused_.use_kernels(level); }

 private:
  void penalty_changed() override { fused_.forget(); }
  Tensor bias(const Tensor& table) const { return with_penalty(-0.5 * table.square().sum(1)); }  // [V]

  double factor_;
  FusedRounding fused_;
};

}  // namespace difflm
