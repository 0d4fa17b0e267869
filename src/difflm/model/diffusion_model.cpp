#include "difflm/model/diffusion_model.h"

#include "difflm/nn/autocast.h"
#include "difflm/nn/position.h"

namespace difflm {

void DiffusionModelOptions::describe(OptionVisitor& visitor) {
  visitor.choice("embedding", embedding, "embedding space", embedding_spaces().names());
  visitor.choice("norm", norm, "what bounds its rows", NormRule::names());
  visitor.field("scale", scale, "root mean square of a row's entries (norm unit); smaller means more noise", {1e-3, 1e3});
  visitor.choice("parametrisation", parametrisation, "what the network predicts", parametrisations().names());
  visitor.choice("denoiser", denoiser, "network", denoisers().names());
  visitor.field("position", position, "list of positions, their sum is used");
  visitor.choice("rounding", rounding, "how a latent becomes a token", roundings().names());
  visitor.field("self_conditioning", self_conditioning, "the network sees its own estimate of the pass before (Chen et al. 2022)");
  visitor.field("context_free", context_free,
                "the network sees the estimate of each token from its own latent alone (parametrisations with logits)");
  visitor.field("given_flag", given_flag, "the network sees which positions are given (clean context, infilling)");
}

DiffusionModel::DiffusionModel(const Options&, const ModelSource& source)
    : options_(read_options<DiffusionModelOptions>(*source.config, "model")),
      words_(source.tokenizer->size()),
      process_(make_noise_process(*source.config)) {
  const Config& config = *source.config;
  const EmbeddingSource embedding = {source.tokenizer, source.saved, {options_.norm, options_.scale}};
  space_ =
      register_module("space", std::shared_ptr<EmbeddingSpace>(embedding_spaces().make(options_.embedding, config, embedding)));
  rounding_ = register_module("rounding", std::shared_ptr<Rounding>(roundings().make(options_.rounding, config,
                                                                                     RoundingShape{words_, space_->dimension()})));
  const int64_t dimension = space_->dimension();
  nearest_ = register_module("nearest",
                             std::shared_ptr<Rounding>(roundings().make("nearest", Config(), RoundingShape{words_, dimension})));
  parametrisation_ = parametrisations().make(options_.parametrisation, config);
  if (read_options<LabelOptions>(config, "model").labels) {
    labels_ = register_module("labels", std::make_shared<LabelEmbedding>(source.labels, dimension, 0.5));
  }
  features_ = {options_.self_conditioning, options_.context_free && parametrisation_->has_logits(), options_.given_flag,
               options_.norm == "none" ? 1 : options_.scale, labels_ ? labels_->channels() : 0};
  const DenoiserShape shape = {features_.channels(dimension), dimension, source.max_length, options_.position, &config};
  denoiser_ = register_module("denoiser", std::shared_ptr<Denoiser>(denoisers().make(options_.denoiser, config, shape)));
}

NoisyState DiffusionModel::noisy_state(const DenoiseInput& input) const {
  const Tensor alpha_bar = process_->alpha_bar(input.u);
  const double norm = features_.size * features_.size * static_cast<double>(space_->dimension());
  return {input.x_t, broadcast_to_latents(process_->signal(alpha_bar)),
          broadcast_to_latents(process_->skip_weight(alpha_bar, words_, norm))};
}

Tensor DiffusionModel::context_free_estimate(const DenoiseInput& input, const Tensor& table) {
  if (!features_.context_free) return {};
  const torch::NoGradGuard no_grad;
  const Tensor point = parametrisation_->context_free_point(noisy_state(input));
  if (!input.given.defined()) return rounding_->expectation(point, table, 1);
  const Tensor open = (input.given == 0).flatten().nonzero().squeeze(1);  // [N]
  const Tensor estimate = torch::zeros_like(point);
  if (open.numel() == 0) return estimate;
  estimate.flatten(0, 1).index_copy_(0, open, rounding_->expectation(point.flatten(0, 1).index_select(0, open), table, 1));
  return estimate;
}

Tensor DiffusionModel::network_output(const DenoiseInput& input, const NoisyState& state, const Tensor& context_free_estimate,
                                      const Tensor& condition) {
  const Tensor labels = labels_ && condition.defined() ? labels_->forward(condition) : Tensor();
  const Tensor features = features_.features(input, state.alpha_bar, context_free_estimate, labels);
  const Autocast scope(autocast(), input.x_t.device());
  count_evaluations(input.x_t);
  return denoiser_->forward(features, process_->network_time(input.u)).to(torch::kFloat32);
}

Estimate DiffusionModel::estimate(const DenoiseInput& input, const Tensor& table, double temperature, bool with_x0) {
  const NoisyState state = noisy_state(input);
  const Tensor context_free = input.context_free.defined() ? input.context_free : context_free_estimate(input, table);
  const bool guided = labels_ && input.labels.defined() && input.guidance_scale != 1;
  Tensor output = network_output(input, state, context_free, input.labels);
  if (guided) {
    const Tensor unconditional = network_output(input, state, context_free, {});
    output = unconditional + input.guidance_scale * (output - unconditional);
  }
  Expectation expectation;
  if (with_x0) expectation = [&](const Tensor& point) { return rounding_->expectation(point, table, temperature); };
  return parametrisation_->read(output, state, expectation);
}

}  // namespace difflm
