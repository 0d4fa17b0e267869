// Update rules: how the gradient of the wishes guides a text while it is sampled. A family.
#pragma once

#include <memory>
#include <vector>

#include "difflm/model/diffusion_model.h"
#include "difflm/model/run_folder.h"
#include "difflm/sampling/steering.h"
#include "difflm/steering/guide.h"

namespace difflm {

// All wishes of a text.
using Guides = std::vector<std::unique_ptr<Guide>>;

// What a rule adds to the logits.
struct LogitGuidance {
  Tensor guidance;                        // [B,T,V]; undefined where no wish is active
  std::vector<Tensor> log_probabilities;  // log p [B] of each wish it evaluated, in the order of the wishes; else undefined
};

class UpdateRule {
 public:
  virtual ~UpdateRule() = default;

  // A rule guides either the logits of estimates or the latents between steps; see sampling/steering.h.
  virtual bool guides_logits() const = 0;
  virtual LogitGuidance guide_logits(const SteeredEstimate&, const Guides& guides) {
    return {{}, std::vector<Tensor>(guides.size())};
  }
  virtual Tensor guide_latents(const SteeredStep& step, const Guides&) { return step.x; }
};

// The log-probabilities of `guides` at `view`, weighted and summed over the wishes that are active at its level, [B] float32;
// undefined where none is.
Tensor weighted_log_probability(const Guides& guides, const GuideView& view);

// The gradient of sum(value) with respect to `variable`.
Tensor gradient_of(const Tensor& value, const Tensor& variable);

// The context-free estimate of the latents x [B,T,D], each from itself alone; differentiable in x.
GuideView context_free_view(const Tensor& x, double u, const Tensor& table, DiffusionModel& model);

using UpdateRuleFamily = Family<UpdateRule, const Run&>;  // whose texts are steered
const UpdateRuleFamily& update_rules();                   // control.rule

}  // namespace difflm
