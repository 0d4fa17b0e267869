// The token whose embedding has the most similar direction: what the hobby baseline decodes with. Nothing is learned.
#pragma once

#include "difflm/model/rounding/fused_rounding.h"

namespace difflm {

class CosineRounding : public Rounding {
 public:
  struct Options {
    double sharpness = 10;
    void describe(OptionVisitor& visitor) { visitor.field("sharpness", sharpness, "factor of the cosine", {1e-6, 1e6}); }
  };
  CosineRounding(const Options& options, const RoundingShape&) : sharpness_(options.sharpness) {}

  Tensor logits(const Tensor& points, const Tensor& table) override {
    return with_penalty(sharpness_ * multiply(unit(points), unit(table).t()));
  }

  Rounded round(const Tensor& points, const Tensor& table) override {
    if (!fused_.can_run(points, table)) return Rounding::round(points, table);
    const torch::NoGradGuard no_grad;
    const auto head = [&] { return FusedRounding::Head{unit(table), with_penalty(torch::zeros({table.size(0)}))}; };
    return fused_.round(unit(points), table, sharpness_, head);
  }

  void use_kernels(std::optional<Instructions> level) override { fused_.use_kernels(level); }

 private:
  void penalty_changed() override { fused_.forget(); }
  static Tensor unit(const Tensor& rows) { return rows / rows.norm(2, -1, true).clamp_min(1e-8); }

  double sharpness_;
  FusedRounding fused_;
};

}  // namespace difflm
