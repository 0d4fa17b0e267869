#include "difflm/evaluation/model/replacement_bound.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "difflm/nn/random_tensor.h"

namespace difflm {
namespace {

// What stands in the place of a replaced word.
struct Replacing {
  double word;    // the probability of each of the words
  double hidden;  // of none
};

// [B,T] int64: each word as it is with probability `share`, else replaced; -1 where it is hidden.
Tensor noised(const Tensor& tokens, int64_t vocabulary, double random, double share, uint64_t seed) {
  const Tensor others = torch::randint(vocabulary, tokens.sizes(), make_generator(seed), torch::kInt64);
  const Tensor replaced =
      torch::where(uniform_tensor(tokens.sizes(), stream_seed(seed, "hidden")) < random, others, torch::full_like(others, -1));
  return torch::where(uniform_tensor(tokens.sizes(), stream_seed(seed, "kept")) < share, tokens, replaced);
}

double log_of(double value) { return std::log(std::max(value, 1e-300)); }

// The sum of log(scale * p + floor) over all p, a logarithm for every eight.
double sum_of_logs(std::span<const float> probabilities, double scale, double floor) {
  constexpr size_t kFactors = 8;
  double sum = 0;
  for (size_t at = 0; at < probabilities.size(); at += kFactors) {
    double product = 1;
    for (const float p : probabilities.subspan(at, std::min(kFactors, probabilities.size() - at))) {
      product *= scale * static_cast<double>(p) + floor;
    }
    sum += log_of(product);
  }
  return sum;
}

// KL(q(x_s | z, w) || p(x_s | z)) of a word w that looks like z, -1 where it is hidden, with the probabilities of all words. The
// factor r d(j,z) + (1 - r) pi(z) is the same in q and p. All words but w and z are alike, except in what the model believes of
// them.
double step_nats(int64_t w, int64_t z, std::span<const float> believed, double a_s, double a_t, const Replacing& pi) {
  const double r = a_t / a_s;
  const double of_z = z >= 0 ? pi.word : pi.hidden;  // pi(z)
  const double seen = (1 - a_t) * of_z;              // q_t(z | v) of a word v that is not z
  const double own = seen + (z == w ? a_t : 0);
  const auto p = [&](int64_t v) { return static_cast<double>(believed[static_cast<size_t>(v)]); };
  double sum = std::accumulate(believed.begin(), believed.end(), 0.0) / seen;
  if (z >= 0) sum += p(z) / (seen + a_t) - p(z) / seen;
  const double floor = (1 - a_s) * pi.word * sum;
  const double other_truth = (1 - a_s) * pi.word / own;
  const double other_stays = (1 - r) * of_z;
  // Of one word: stays * truth * log(truth / guess).
  const auto term = [&](int64_t v, bool as_other) {
    const double stays = other_stays + (!as_other && v == z ? r : 0);
    const double truth = other_truth + (!as_other && v == w ? a_s / own : 0);
    const double guess = a_s * p(v) / (seen + (!as_other && v == z ? a_t : 0)) + floor;
    return stays * truth * (log_of(truth) - log_of(guess));
  };
  double nats = term(w, false) - term(w, true);
  if (z >= 0 && z != w) nats += term(z, false) - term(z, true);
  if (other_stays * other_truth > 0) {
    const auto count = static_cast<double>(believed.size());
    nats += other_stays * other_truth * (count * log_of(other_truth) - sum_of_logs(believed, a_s / seen, floor));
  }
  const double hidden = (1 - a_s) * pi.hidden;
  if (hidden > 0) nats += (other_stays + (z < 0 ? r : 0)) * (hidden / own) * (-log_of(own) - log_of(sum));
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
    const Tensor tokens = batches[index].tokens.to(torch::kCPU).contiguous();
    Tensor sum = torch::full({tokens.size(0)}, bound.prior * static_cast<double>(tokens.size(1)), torch::kFloat64);
    for (size_t step = 0; step < times.size(); ++step) {
      const bool last = step + 1 == times.size();
      const double a_t = process.alpha_bar(times[step]);
      const double a_s = last ? 1 : process.alpha_bar(times[step + 1]);
      const Tensor z = noised(tokens, vocabulary, random, a_t, stream_seed(stream_seed(seed, "likelihood", index), "step", step));
      const Tensor words = believed(z, times[step]).to(torch::kCPU, torch::kFloat32).exp().contiguous();  // [B,T,V]
      Tensor nats = torch::zeros({tokens.numel()}, torch::kFloat64);
      for (int64_t at = 0; at < tokens.numel(); ++at) {
        const std::span<const float> of_word(words.data_ptr<float>() + at * vocabulary, static_cast<size_t>(vocabulary));
        nats.data_ptr<double>()[at] = step_nats(tokens.data_ptr<int64_t>()[at], z.data_ptr<int64_t>()[at], of_word, a_s, a_t, pi);
      }
      const Tensor of_step = nats.view_as(tokens).sum(1);
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
