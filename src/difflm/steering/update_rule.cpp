#include "difflm/steering/update_rule.h"

#include "difflm/steering/rule/denoiser.h"
#include "difflm/steering/rule/posterior.h"
#include "difflm/steering/rule/reference.h"

namespace difflm {
const UpdateRuleFamily& update_rules() {
  using F = UpdateRuleFamily;
  static const F family("control.rule", "how wishes guide a text while it is sampled",
                        {
                            variant<F, PosteriorRule>("posterior", "Bayes' rule on the token probabilities of each estimate"),
                            variant<F, ReferenceRule>("reference", "sign-gradient moves of the latents (Li et al. 2022)"),
                            variant<F, DenoiserRule>("denoiser", "the gradient through the denoiser (Bansal et al. 2023)"),
                        });
  return family;
}

Tensor gradient_of(const Tensor& value, const Tensor& variable) {
  return torch::autograd::grad({value.sum()}, {variable}, {}, false, false, true)[0];
}

GuideView context_free_view(const Tensor& x, double u, const Tensor& table, DiffusionModel& model) {
  const auto level = torch::full({x.size(0)}, u, torch::TensorOptions().dtype(torch::kFloat64).device(x.device()));
  const Tensor point = model.parametrisation().context_free_point(model.noisy_state({x, level, {}, {}}));
  const Tensor probabilities = model.logits(point.defined() ? point : x, table).softmax(-1);
  return {probabilities, torch::matmul(probabilities, table), x, u};
}

Tensor weighted_log_probability(const Guides& guides, const GuideView& view) {
  Tensor sum;
  for (const auto& guide : guides) {
    if (!guide->has_energy() || !guide->strength().is_active_at(view.u)) continue;
    const Tensor one = guide->strength().weight * guide->log_probability(view).to(torch::kFloat32);
    sum = sum.defined() ? sum + one : one;
  }
  return sum;
}

}  // namespace difflm
