// Loss terms of the diffusion model: the objective is a list of them, each with a weight and a ramp over steps. A family.
#pragma once

#include <algorithm>

#include "difflm/core/family.h"
#include "difflm/model/diffusion_model.h"

namespace difflm {

// A batch that has been noised and denoised: everything a term may use.
struct DiffusedBatch {
  Tensor tokens;      // [B,T] int64
  Tensor u;           // [B] float64
  Tensor alpha_bar;   // [B]
  Tensor embeddings;  // [B,T,D] clean embeddings of the tokens
  Tensor x0;          // [B,T,D] what is noised: the embeddings, plus the first step's noise for start_noise
  Tensor noise;       // [B,T,D]
  Tensor x_t;         // [B,T,D]
  Tensor scored;      // [B,T] float32: 1 where the position counts, 0 where it was given clean
  Tensor first_step;  // [B] bool: u is the first step of the discrete form
  Tensor table;       // [V,D]
  Estimate estimate;
};

// The mean over the scored positions of each sequence, [B,T] -> [B].
inline Tensor mean_over_scored(const Tensor& values, const DiffusedBatch& batch) {
  return (values * batch.scored).sum(1) / batch.scored.sum(1).clamp_min(1);
}

// The weight of a term over the training steps.
struct LossWeight {
  double weight = 1;
  int64_t begin = 0;
  int64_t ramp = 0;
  void describe(OptionVisitor& visitor) {
    visitor.field("weight", weight, "factor of the term", {0, 1e6});
    visitor.field("begin", begin, "step at which the term begins", {0, 1e12});
    visitor.field("ramp", ramp, "steps over which its weight grows from 0", {0, 1e12});
  }
  double at(int64_t step) const {
    if (step < begin) return 0;
    return ramp == 0 ? weight : weight * std::min(1.0, static_cast<double>(step - begin + 1) / static_cast<double>(ramp));
  }
};

class LossTerm {
 public:
  explicit LossTerm(const LossWeight& weight) : weight_(weight) {}
  virtual ~LossTerm() = default;

  virtual Tensor per_sequence(const DiffusedBatch& batch, DiffusionModel& model) const = 0;  // [B]

  // True where the term reads batch.estimate.x0, which is not computed unless some term does.
  virtual bool reads_x0() const { return false; }

  double weight(int64_t step) const { return weight_.at(step); }

 private:
  LossWeight weight_;
};

using LossTermFamily = Family<LossTerm>;
const LossTermFamily& loss_terms();  // loss.terms

}  // namespace difflm
