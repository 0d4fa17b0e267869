#include "difflm/evaluation/model/replacement_bound.h"

#include <cmath>

#include "difflm/nn/random_tensor.h"

namespace difflm {
namespace {

constexpr int64_t kChunk = 512;  // tokens whose distributions are held in double precision at a time

// What stands in the place of a replaced word.
struct Replacing {
  double word;    // the probability of each of the words
  double hidden;  // of none
};

Tensor probability_of(const Tensor& words, const Replacing& pi) {
  return torch::where(words >= 0, torch::full({}, pi.word, torch::kFloat64), torch::full({}, pi.hidden, torch::kFloat64));
}

// [B,T] int64: each word as it is with probability `share`, else replaced; -1 where it is hidden.
Tensor noised(const Tensor& tokens, int64_t vocabulary, double random, double share, uint64_t seed) {
  const Tensor others = torch::randint(vocabulary, tokens.sizes(), make_generator(seed), torch::kInt64);
  const Tensor replaced =
      torch::where(uniform_tensor(tokens.sizes(), stream_seed(seed, "hidden")) < random, others, torch::full_like(others, -1));
  return torch::where(uniform_tensor(tokens.sizes(), stream_seed(seed, "kept")) < share, tokens, replaced);
}

// KL(q(x_s | z, w) || p(x_s | z)) of words w [N] that look like z [N], with log-probabilities [N,V] -> [N] float64. The factor
// r d(j,z) + (1 - r) pi(z) is the same in q and p.
Tensor step_nats(const Tensor& w, const Tensor& z, const Tensor& believed, double a_s, double a_t, const Replacing& pi) {
  const double r = a_t / a_s;
  const Tensor p = believed.to(torch::kFloat64).exp();
  const Tensor shown = z >= 0;
  const Tensor at_z = torch::one_hot(z.clamp_min(0), p.size(1)).to(torch::kFloat64) * shown.unsqueeze(1);
  const Tensor at_w = torch::one_hot(w, p.size(1)).to(torch::kFloat64);
  const Tensor of_z = probability_of(z, pi);                       // [N] pi(z)
  const Tensor seen = (1 - a_t) * of_z.unsqueeze(1) + a_t * at_z;  // [N,V] q_t(z | w) of each w
  const Tensor own = (1 - a_t) * of_z + a_t * (z == w);            // [N] of the true one
  const Tensor weighted = p / seen;                                // [N,V]
  const Tensor sum = weighted.sum(1, true);                        // [N,1]
  const Tensor stays = (1 - r) * of_z.unsqueeze(1) + r * at_z;     // [N,V]
  const Tensor truth = (a_s * at_w + (1 - a_s) * pi.word) / own.unsqueeze(1);
  const Tensor guess = a_s * weighted + (1 - a_s) * pi.word * sum;
  Tensor nats = (stays * truth * (truth.clamp_min(1e-300).log() - guess.clamp_min(1e-300).log())).sum(1);
  const double hidden = (1 - a_s) * pi.hidden;
  if (hidden > 0) {
    const Tensor stays_hidden = (1 - r) * of_z + r * shown.logical_not();
    nats = nats + stays_hidden * (hidden / own) * (-own.log() - sum.squeeze(1).log());
  }
  return nats;
}

// KL(q(x_1 | w) || pi), the same for each word.
double prior_nats(double a, const Replacing& pi) {
  const double own = a + (1 - a) * pi.word;
  return own * std::log(own / pi.word) + (1 - own) * std::log(1 - a);
}

}  // namespace

LikelihoodBound replacement_bound(const BelievedWords& believed, const NoiseProcess& process, int64_t vocabulary,
                                  const std::vector<double>& times, const std::vector<Batch>& batches, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  const double random = process.replaces()->random;
  const Replacing pi = {random / static_cast<double>(vocabulary), 1 - random};
  LikelihoodBound bound;
  bound.steps = static_cast<int64_t>(times.size());
  bound.prior = prior_nats(process.alpha_bar(times.front()), pi);
  std::vector<double> totals;   // of each sequence
  std::vector<double> lengths;  // tokens
  for (size_t index = 0; index < batches.size(); ++index) {
    const Tensor tokens = batches[index].tokens.to(torch::kCPU);
    Tensor sum = torch::full({tokens.size(0)}, bound.prior * static_cast<double>(tokens.size(1)), torch::kFloat64);
    for (size_t step = 0; step < times.size(); ++step) {
      const bool last = step + 1 == times.size();
      const double a_t = process.alpha_bar(times[step]);
      const double a_s = last ? 1 : process.alpha_bar(times[step + 1]);
      const Tensor z = noised(tokens, vocabulary, random, a_t, stream_seed(stream_seed(seed, "likelihood", index), "step", step));
      const Tensor words = believed(z, times[step]).to(torch::kCPU).flatten(0, 1);  // [N,V]
      std::vector<Tensor> nats;
      for (int64_t begin = 0; begin < words.size(0); begin += kChunk) {
        const int64_t count = std::min(kChunk, words.size(0) - begin);
        const auto part = [&](const Tensor& all) { return all.flatten().narrow(0, begin, count); };
        nats.push_back(step_nats(part(tokens), part(z), words.narrow(0, begin, count), a_s, a_t, pi));
      }
      const Tensor of_step = torch::cat(nats).view_as(tokens).sum(1);
      (last ? bound.reconstruction : bound.diffusion) += of_step.sum().item<double>();
      sum += of_step;
    }
    bound.tokens += tokens.numel();
    for (int64_t row = 0; row < tokens.size(0); ++row) {
      totals.push_back(sum[row].item<double>());
      lengths.push_back(static_cast<double>(tokens.size(1)));
    }
  }
  bound.diffusion /= static_cast<double>(bound.tokens);
  bound.reconstruction /= static_cast<double>(bound.tokens);
  bound.total = bound.prior + bound.diffusion + bound.reconstruction;
  bound.error = ratio_error(totals, lengths, bound.total);
  return bound;
}

LikelihoodBound replacement_bound(DiffusionModel& model, int64_t steps, const std::vector<Batch>& batches, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const Tensor table = model.table();
  const BelievedWords believed = [&](const Tensor& words, double u) {
    const Tensor seen = words.to(table.device());
    DenoiseInput input;
    input.x_t = DiffusionModel::embed(seen.clamp_min(0), table) * (seen >= 0).unsqueeze(-1);
    input.u = torch::full({words.size(0)}, u, torch::TensorOptions().dtype(torch::kFloat64).device(table.device()));
    input.given = torch::zeros({words.size(0), words.size(1)}, table.options());
    // Two passes are still a function of the noisy text alone.
    if (model.self_conditioning()) input.self_condition = model.estimate(input, table).x0;
    return model.logits(model.estimate(input, table).point, table).log_softmax(-1);
  };
  return replacement_bound(believed, model.process(), table.size(0), model.process().sampling_times(steps), batches, seed);
}

}  // namespace difflm
