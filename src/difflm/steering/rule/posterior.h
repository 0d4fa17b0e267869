// Bayes' rule for tokens that are still uncertain: our own update, exact where a wish is a question of which words occur.
//
// Let F(p) = p(wish | tokens drawn independently from p). If F is linear in the token probabilities p_i of every position, then
//     p_i(w | wish) = p_i(w) dF/dp_i(w) / F = p_i(w) d log F / dp_i(w),
// the growth transform of Baum and Eagon (1967). In the form that also suits a classifier, whose log F need not be homogeneous,
//     p_i'(w) ~ p_i(w) (1 + g_i(w) - sum_v p_i(v) g_i(v))^weight,    g = d log F / dp.
// So an estimate is replaced by its posterior given the wish; the denoiser then makes the other tokens fit. Only the wish is
// differentiated: a step costs about as much as an unsteered one, and no step size has to be found.
#pragma once

#include "difflm/steering/update_rule.h"

namespace difflm {

class PosteriorRule : public UpdateRule {
 public:
  using Options = NoOptions;
  PosteriorRule(const Options&, const Run&) {}

  bool guides_logits() const override { return true; }
  LogitGuidance guide_logits(const SteeredEstimate& estimate, const Guides& guides) override {
    const torch::AutoGradMode with_gradient(true);
    LogitGuidance update;
    for (const auto& guide : guides) {
      update.log_probabilities.emplace_back();
      const bool pulls = estimate.finished ? guide->strength().weight > 0 : guide->strength().is_active_at(estimate.u);
      if (!guide->has_energy() || !pulls) continue;
      const Tensor probabilities = estimate.probabilities.detach().requires_grad_();
      const GuideView view = {probabilities, torch::matmul(probabilities, estimate.table), estimate.x_t, estimate.u};
      const Tensor log_probability = guide->log_probability(view);
      update.log_probabilities.back() = log_probability.detach();
      const Tensor g = gradient_of(log_probability, probabilities);
      const Tensor ratio = 1 + g - (estimate.probabilities * g).sum(-1, true);
      const Tensor one = guide->strength().weight * ratio.clamp_min(kLeastRatio).log();
      update.guidance = update.guidance.defined() ? update.guidance + one : one;
    }
    return update;
  }

 private:
  static constexpr double kLeastRatio = 1e-6;  // a token that a wish rules out is this much less probable
};

}  // namespace difflm
