#include "difflm/model/features.h"

#include <vector>

namespace difflm {

int64_t FeatureRule::channels(int64_t dimension) const {
  return dimension * (1 + (self_conditioning ? 1 : 0) + (context_free ? 1 : 0)) + (given_flag ? 1 : 0) + label_channels;
}

Tensor FeatureRule::features(const DenoiseInput& input, const Tensor& alpha_bar, const Tensor& context_free_estimate,
                             const Tensor& labels) const {
  const Tensor given = input.given.defined() ? input.given.unsqueeze(-1) : Tensor();  // [B,T,1]
  const auto unit = [&](const Tensor& estimate) { return size == 1 ? estimate : estimate / size; };

  Tensor latent = input.x_t;
  if (size != 1) {
    Tensor factor = (alpha_bar * (size * size) + 1 - alpha_bar).rsqrt();
    if (given.defined()) factor = torch::where(given > 0, torch::full_like(factor, 1 / size), factor);
    latent = latent * factor;
  }
  Tensor first_guess = torch::zeros_like(input.x_t);
  if (context_free) {
    first_guess = unit(given.defined() ? torch::where(given > 0, input.x_t, context_free_estimate) : context_free_estimate);
  }
  std::vector<Tensor> all = {latent};
  if (self_conditioning) {
    const int64_t conditioned = input.self_condition.defined() ? input.self_condition.size(0) : 0;
    const Tensor rest = first_guess.narrow(0, conditioned, first_guess.size(0) - conditioned);
    all.push_back(conditioned > 0 ? torch::cat({unit(input.self_condition), rest}) : rest);
  }
  if (context_free) all.push_back(first_guess);
  if (given_flag) all.push_back(given.defined() ? given : torch::zeros_like(input.x_t.narrow(-1, 0, 1)));
  if (label_channels > 0) {
    const int64_t rows = input.x_t.size(0);
    const int64_t length = input.x_t.size(1);
    all.push_back(labels.defined() ? labels.unsqueeze(1).expand({rows, length, label_channels})
                                   : torch::zeros({rows, length, label_channels}, input.x_t.options()));
  }
  return all.size() == 1 ? all.front() : torch::cat(all, -1);
}

}  // namespace difflm
