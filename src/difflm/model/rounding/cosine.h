// The word whose embedding has the most similar direction: what the hobby baseline decodes with. Nothing is learned.
#pragma once

#include "difflm/model/rounding.h"

namespace difflm {

class CosineRounding : public Rounding {
 public:
  struct Options {
    double sharpness = 10;
    void describe(OptionVisitor& visitor) { visitor.field("sharpness", sharpness, "the cosine is multiplied by it", {1e-6, 1e6}); }
  };
  CosineRounding(const Options& options, const RoundingShape&) : sharpness_(options.sharpness) {}

  Tensor logits(const Tensor& points, const Tensor& table) override {
    const auto unit = [](const Tensor& rows) { return rows / rows.norm(2, -1, true).clamp_min(1e-8); };
    return sharpness_ * torch::matmul(unit(points), unit(table).t());
  }

 private:
  double sharpness_;
};

}  // namespace difflm
