// The diffusion language model: an embedding space, a noise process, a denoiser and a rounding, put together.
//
// text -> tokens -> embeddings x_0 -> noise x_t -> denoiser -> x_0 estimate -> rounding -> tokens -> text
#pragma once

#include <memory>

#include "difflm/diffusion/noise_process.h"
#include "difflm/diffusion/parametrisation.h"
#include "difflm/model/denoiser.h"
#include "difflm/model/features.h"
#include "difflm/model/rounding.h"
#include "difflm/model/writer.h"

namespace difflm {

// Section `model`, beside `model.kind`.
struct DiffusionModelOptions {
  std::string embedding = "learned";
  std::string norm = "unit";
  double scale = 1;
  std::string parametrisation = "logits";
  std::string denoiser = "transformer";
  std::vector<std::string> position = {"both-ends", "locality"};
  std::string rounding = "softmax";
  bool self_conditioning = true;
  bool context_free = true;
  bool given_flag = true;
  void describe(OptionVisitor& visitor);
};

class DiffusionModel : public Writer {
 public:
  using Options = NoOptions;  // its options are spread over the sections model, noise and those of the variants chosen there

  DiffusionModel(const Options& options, const ModelSource& source);

  bool writes_word_by_word() const override { return false; }
  std::string note() const override { return space_->note(); }

  void begin_with(const Tensor& log_prior) override { rounding_->begin_with(log_prior); }

  // E [V,D]; take it once per training step or sampling run.
  Tensor table() { return space_->table(); }

  // [B,T] int64 -> [B,T,D]
  static Tensor embed(const Tensor& tokens, const Tensor& table) { return torch::embedding(table, tokens); }

  // With labels and a guidance other than 1 the network is asked twice. Temperature divides the logits inside x_0 = softmax(logits
  // / temperature) . E; no effect on other parametrisations. `with_x0` false leaves x0 undefined where it would have to be made
  // from the logits, for losses that do not read it.
  Estimate estimate(const DenoiseInput& input, const Tensor& table, double temperature = 1, bool with_x0 = true);

  // What is known of the latents of `input`.
  NoisyState noisy_state(const DenoiseInput& input) const;

  // x_0 of each token from its own latent alone, [B,T,D]; undefined where the network does not see it. No gradient. At given
  // tokens, where it is not needed, it is zero.
  Tensor context_free_estimate(const DenoiseInput& input, const Tensor& table);

  // Logits of tokens, [...,D] -> [...,V].
  Tensor logits(const Tensor& point, const Tensor& table) { return rounding_->logits(point, table); }

  // The mean embedding of words with probabilities [...,V], [...,D].
  Tensor mean(const Tensor& probabilities, const Tensor& table) { return rounding_->mean(probabilities, table); }

  // The most probable token at each point, [...,D].
  Rounding::Rounded round(const Tensor& point, const Tensor& table) { return rounding_->round(point, table); }

  // The token nearest to each point, whatever the model's rounding is: [...,D] -> [...] int64.
  Tensor nearest(const Tensor& point, const Tensor& table) { return nearest_->round(point, table).tokens; }

  // While texts are sampled, `tokens` are never chosen and no estimate holds them; none: all may be.
  void rule_out(const std::vector<int64_t>& tokens, const Tensor& table) {
    rounding_->rule_out(tokens, table);
    nearest_->rule_out(tokens, table);
  }

  // Nats of `tokens` [...] under the logits of points [...,D] -> [...].
  Tensor cross_entropy(const Tensor& points, const Tensor& table, const Tensor& tokens) {
    return rounding_->cross_entropy(points, table, tokens);
  }

  const NoiseProcess& process() const { return *process_; }
  const Parametrisation& parametrisation() const { return *parametrisation_; }
  int64_t dimension() const { return space_->dimension(); }
  bool self_conditioning() const { return options_.self_conditioning; }
  bool given_flag() const { return options_.given_flag; }
  std::shared_ptr<LabelEmbedding> label_embedding() const override { return labels_; }

 private:
  // The output of the network, [B,T,D]; `condition` [B,L] as in DenoiseInput::labels.
  Tensor network_output(const DenoiseInput& input, const NoisyState& state, const Tensor& context_free_estimate,
                        const Tensor& condition);

  DiffusionModelOptions options_;
  int64_t words_;  // V
  FeatureRule features_;
  std::shared_ptr<EmbeddingSpace> space_;
  std::shared_ptr<Rounding> rounding_;
  std::shared_ptr<Rounding> nearest_;  // learns nothing
  std::shared_ptr<Denoiser> denoiser_;
  std::shared_ptr<LabelEmbedding> labels_;  // null: none
  std::unique_ptr<Parametrisation> parametrisation_;
  std::unique_ptr<NoiseProcess> process_;
};

}  // namespace difflm
