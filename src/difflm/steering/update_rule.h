// Update rules: how the gradient of the wishes moves a text in the making. A family.
#pragma once

#include <memory>
#include <vector>

#include "difflm/model/diffusion_model.h"
#include "difflm/model/run_folder.h"
#include "difflm/sampling/steering.h"
#include "difflm/steering/guide.h"

namespace difflm {

// All wishes of a text.
using Wishes = std::vector<std::unique_ptr<Guide>>;

// What a rule adds to the words' log-probabilities.
struct WordMove {
  Tensor pull;               // [B,T,V]; undefined where no wish pulls
  std::vector<Tensor> seen;  // log p [B] of each wish that it asked, in the order of the wishes; else undefined
};

class UpdateRule {
 public:
  virtual ~UpdateRule() = default;

  // A rule moves either the words of estimates or the latents between steps; see sampling/steering.h.
  virtual bool moves_words() const = 0;
  virtual WordMove move_words(const SteeredEstimate&, const Wishes& wishes) { return {{}, std::vector<Tensor>(wishes.size())}; }
  virtual Tensor move_latents(const SteeredStep& step, const Wishes&) { return step.x; }
};

// The log-probabilities of `wishes` at `view`, weighted and summed over the wishes that pull at its level, [B] float32; undefined
// where none does.
Tensor weighted_log_probability(const Wishes& wishes, const GuideView& view);

// The gradient of sum(value) with respect to `variable`.
Tensor gradient_of(const Tensor& value, const Tensor& variable);

// What each of the latents x [B,T,D] says alone, differentiable in x.
GuideView context_free_view(const Tensor& x, double u, const Tensor& table, DiffusionModel& model);

// The gradient [B,T,D] of what rules lower that look at the latents x as they are: minus the wishes' log-probability in what each
// latent says alone, plus `fluency` times sum (mean - x)^2 / deviation, which pulls back to the step's own mean as Diffusion-LM's
// code does. Undefined where no wish pulls at this level.
Tensor latent_gradient(const Tensor& x, const SteeredStep& step, const Wishes& wishes, DiffusionModel& model, double fluency);

using UpdateRuleFamily = Family<UpdateRule, const Run&>;  // whose text is moved
const UpdateRuleFamily& update_rules();                   // control.rule

}  // namespace difflm
