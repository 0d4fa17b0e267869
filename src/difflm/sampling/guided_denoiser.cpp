#include "difflm/sampling/guided_denoiser.h"

namespace difflm {

GuidedDenoiser::GuidedDenoiser(DiffusionModel& model, const Tensor& table, const Guidance& guidance, const Draft& draft)
    : model_(model), table_(table), guidance_(guidance), draft_(draft) {
  if (guidance.steering != nullptr) condition_ = guidance.steering->condition();
  if (const auto known = model.label_embedding()) {
    labels_ = to_tensor(condition_, draft.rows(), static_cast<int64_t>(known->labels().size()), table.device());
  }
}

bool GuidedDenoiser::guides_tokens() const {
  return draft_.penalty().defined() || guidance_.bigrams != nullptr ||
         (guidance_.steering != nullptr && guidance_.steering->guides_logits());
}

Denoised GuidedDenoiser::operator()(const Tensor& x_t, double u, const Tensor& previous_x0) const {
  DenoiseInput input = conditions();
  input.x_t = draft_.with_committed(x_t);
  input.u = torch::full({draft_.rows()}, u, torch::TensorOptions().dtype(torch::kFloat64).device(table_.device()));
  input.self_condition = previous_x0;
  input.given = draft_.committed().to(torch::kFloat32);
  const bool is_guided = guides_tokens();
  const bool makes_x0 = !is_guided || !model_.parametrisation().has_logits();
  const Estimate estimate = model_.estimate(input, table_, guidance_.temperature, makes_x0);
  return is_guided ? guided(estimate, input, u) : Denoised(estimate.x0, estimate.point, {});
}

Denoised GuidedDenoiser::guided(const Estimate& estimate, const DenoiseInput& input, double u) const {
  const double temperature = guidance_.temperature;
  const Tensor logits = model_.logits(estimate.point, table_);
  const Tensor own = (logits / temperature).softmax(-1);
  Tensor guided = draft_.penalty().defined() ? logits + draft_.penalty() : logits;
  if (guidance_.bigrams != nullptr) guided = guided + guidance_.fluency * guidance_.bigrams->messages(own);
  if (guidance_.steering != nullptr && guidance_.steering->guides_logits()) {
    const Tensor believed = draft_.with_certainty((guided / temperature).softmax(-1));
    const Tensor guidance = guidance_.steering->guide_logits({believed, input.given, input.x_t, u, table_});
    if (guidance.defined()) guided = guided + temperature * guidance;
  }
  const Tensor probabilities = (guided / temperature).softmax(-1);
  const Tensor x0 = model_.parametrisation().has_logits() ? model_.mean(probabilities, table_)
                                                          : estimate.x0 + model_.mean(probabilities - own, table_);
  return {x0, estimate.point, guided};
}

Rounding::Rounded GuidedDenoiser::round(const Denoised& denoised) const {
  if (!denoised.logits.defined()) return model_.round(denoised.point, table_);
  const auto [probability, tokens] = denoised.logits.softmax(-1).max(-1);
  return {tokens, probability};
}

Tensor GuidedDenoiser::logits(const Denoised& denoised) const {
  return denoised.logits.defined() ? denoised.logits : model_.logits(denoised.point, table_);
}

Tensor GuidedDenoiser::probabilities(const Denoised& denoised, const Tensor& places) const {
  const Tensor logits =
      denoised.logits.defined() ? denoised.logits.index({places}) : model_.logits(denoised.point.index({places}), table_);
  return (logits / guidance_.temperature).softmax(-1);
}

StepHook GuidedDenoiser::after_step() const {
  if (guidance_.steering == nullptr || !guidance_.steering->guides_latents()) return {};
  return [this](const Tensor& x, const Transition& move, const Tensor& x0, double u) {
    return guidance_.steering->guide_latents(
        {draft_.with_committed(x), u, move, x0, draft_.committed().to(torch::kFloat32), table_});
  };
}

}  // namespace difflm
