// An upper bound on the nats of held-out text under a diffusion model: the discrete variational bound (Ho et al. 2020, eq. 5; Li et
// al. 2022, eq. 2 for its last term), with all its terms.
//
// The model as a distribution: x at u = 1 is N(0, I); x_s is drawn from q(x_s | x_t, x0 estimate(x_t)) down the times of a sampler
// of `steps` steps; at the last time the tokens are drawn from softmax(logits), each independently. With q(x_t | w) = N(sqrt(a_t)
// E_w, (1 - a_t) I)
//
//   -log p(w) <= KL(q(x_1 | w) || N(0, I))                                                          prior
//              + sum over steps of E KL(q(x_s | x_t, E_w) || q(x_s | x_t, estimate)) = c |E_w - estimate|^2   diffusion
//              + E -log softmax(logits(x at the last time))_w                                         reconstruction
//
// It holds for any diffusion model here, whatever its training objective, at temperature 1 and without clamping; for models not
// trained for it, it is loose. The length of a text is given where packing implies it, so the nats per token are those of the
// tokens alone. The expectations are estimated with one draw per time and sequence: the standard error shows how well.
#pragma once

#include <functional>
#include <vector>

#include "difflm/data/batches.h"
#include "difflm/model/autoregressive_model.h"
#include "difflm/model/diffusion_model.h"

namespace difflm {

struct LikelihoodBound {
  // Nats per token.
  double prior = 0;
  double diffusion = 0;
  double reconstruction = 0;
  double total = 0;
  double error = 0;  // standard error of the total over sequences
  int64_t steps = 0;
  int64_t tokens = 0;
};

// What the bound needs from a model; x_t [B,T,D], u a time.
struct LikelihoodModel {
  std::function<Tensor(const Tensor& x_t, double u)> estimate;                    // -> [B,T,D]
  std::function<Tensor(const Tensor& x_t, double u, const Tensor& tokens)> nats;  // of `tokens` -> [B,T]
};

// `times`: a sampler's, descending. All tokens count, PAD too where the model has to write it.
LikelihoodBound likelihood_bound(const LikelihoodModel& model, const NoiseProcess& process, const Tensor& table,
                                 const std::vector<double>& times, const std::vector<Batch>& batches, uint64_t seed);

LikelihoodBound likelihood_bound(DiffusionModel& model, int64_t steps, const std::vector<Batch>& batches, uint64_t seed);

// The standard error of `mean`, the sum of `totals` over that of `lengths`, of sequences.
double ratio_error(const std::vector<double>& totals, const std::vector<double>& lengths, double mean);

// The exact nats per token of an autoregressive model, ends of texts counted where it writes them. {nats per token, tokens}
std::pair<double, int64_t> exact_nats(AutoregressiveModel& model, Frame frame, const std::vector<Batch>& batches);

}  // namespace difflm
