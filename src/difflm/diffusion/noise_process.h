// The process that turns clean words into noisy ones: how much of a word is left at each level, what takes its place, and the
// levels that a sampler asks for. A family: what takes a word's place differs (noise_process/gaussian.h); the levels are common to
// all.
//
// Continuous (`noise.steps = 0`): alpha_bar(u) is the schedule, kept within [1e-5, 1].
// Discrete (`noise.steps = T`): the reference's T steps. beta_i = min(1 - f((i+1)/T) / f(i/T), 0.999); alpha_bar_i is the product
// of (1 - beta). The product telescopes, so alpha_bar_i = f((i+1)/T) / f(0): the sqrt schedule is divided by its 0.99, and its last
// step, where f falls below 0, is capped. Step index i is at u = (i+1)/T; u = 0 is clean.
#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"
#include "difflm/diffusion/schedule.h"
#include "difflm/nn/torch.h"

namespace difflm {

struct NoiseOptions {
  std::string process = "gaussian";
  std::string schedule = "sqrt";
  int64_t steps = 0;
  double cap = 0.999;
  bool start_noise = false;
  std::string times = "stratified";
  void describe(OptionVisitor& visitor);
};

// q(x_s | x_t, x_0) = N(x0 * from_x0 + x_t * from_xt, variance) for s before t (Ho et al. 2020).
struct Posterior {
  double from_x0;
  double from_xt;
  double variance;
};

// Coefficients for any two signal levels, alpha_bar_s >= alpha_bar_t; alpha_bar_s = 1 gives exactly (1, 0, 0), alpha_bar_t = 1
// nothing finite.
inline Posterior posterior(double alpha_bar_s, double alpha_bar_t) {
  const double ratio = alpha_bar_t / alpha_bar_s;  // 1 - beta from s to t
  const double beta = 1 - ratio;
  const double noise = 1 - alpha_bar_t;
  return {beta * std::sqrt(alpha_bar_s) / noise, (1 - alpha_bar_s) * std::sqrt(ratio) / noise, beta * (1 - alpha_bar_s) / noise};
}

// How noise replaces words whole, where it does not move their embeddings.
struct Replacement {
  double random = 0;       // share of the replaced words for which others stand, drawn at random; the rest is hidden
  bool flags_kept = true;  // whether the words that were not replaced have the given flag
};

class NoiseProcess {
 public:
  virtual ~NoiseProcess() = default;
  NoiseProcess(const NoiseProcess&) = delete;
  NoiseProcess& operator=(const NoiseProcess&) = delete;
  NoiseProcess& operator=(NoiseProcess&&) = delete;

  // How words are replaced; nothing where noise moves their embeddings.
  virtual std::optional<Replacement> replaces() const { return {}; }

  // Where the given flag marks the words that are kept: which of them are, of sequences at the levels `u`, [B,T] float32 for T =
  // `length`. Else undefined.
  virtual Tensor draw_kept(const std::vector<double>& /*u*/, int64_t /*length*/, RandomStream& /*random*/) const { return {}; }

  // What takes the place of words: [B,T,D] of `shape`, a pure function of `seed`; `table` [V,D] embeds words.
  virtual Tensor noise(const Tensor& table, torch::IntArrayRef shape, uint64_t seed) const = 0;

  // Words x0 [B,T,D] of which the share alpha_bar [B] is left, `noise` [B,T,D] in place of the rest: x_t [B,T,D]. Where the given
  // flag marks the words that are kept, they have been drawn already, and all of x0 is replaced.
  virtual Tensor mix(const Tensor& x0, const Tensor& noise, const Tensor& alpha_bar, uint64_t seed) const = 0;

  // The share of a latent's variance that is its word's, [B] -> [B].
  virtual Tensor signal(const Tensor& alpha_bar) const { return alpha_bar; }

  // How much a latent says of its own word: of `words` words with embeddings e of squared norm `norm`, the log-odds of each rise by
  // weight . x_t . e. [B] -> [B]
  virtual Tensor skip_weight(const Tensor& alpha_bar, int64_t words, double norm) const = 0;

  // log p(x_t | w) of each word w, seen alone and up to a constant: [B,T,D], [V,D], [B] -> [B,T,V].
  virtual Tensor evidence(const Tensor& x_t, const Tensor& table, const Tensor& alpha_bar) const = 0;

  double level(double alpha_bar) const;     // the u with this alpha_bar, by bisection; continuous form
  double alpha_bar(double u) const;         // u in [0,1]; discrete: of the step that holds u
  Tensor alpha_bar(const Tensor& u) const;  // float64 -> float32 of the same shape, on u's device

  // u moved to the grid of the discrete form (unchanged when continuous).
  double snap(double u) const;

  // The time input of the network: 1000 u, or the reference's 1000 i / T. [B] -> [B] float32.
  virtual Tensor network_time(const Tensor& u) const;

  // `count` times from u = 1 down, for a sampler; the step after the last goes to the clean text. Discrete: the reference's even
  // respacing, first and last step included. Throws a usage error for count < 1 or more than T.
  std::vector<double> sampling_times(int64_t count) const;

  // Standard deviation of the noise between an embedding and x_0 (sqrt(1 - alpha_bar) of the first step), 0 unless `start_noise`.
  double start_stddev() const { return start_stddev_; }

  int64_t steps() const { return steps_; }
  const std::vector<double>& betas() const { return betas_; }  // discrete only

 protected:
  NoiseProcess(const NoiseOptions& options, const Config& config);
  NoiseProcess(NoiseProcess&&) = default;

 private:
  std::unique_ptr<Schedule> schedule_;
  int64_t steps_;
  double start_stddev_ = 0;
  std::vector<double> betas_;
  std::vector<double> alpha_bars_;
};

// Values of sequences [B], made to multiply latents: [B,1,1].
inline Tensor broadcast_to_latents(const Tensor& values) { return values.view({-1, 1, 1}); }

using NoiseProcessFamily = Family<NoiseProcess, const NoiseOptions&, const Config&>;
const NoiseProcessFamily& noise_processes();  // noise.process

// The process that the section noise of `config` describes.
std::unique_ptr<NoiseProcess> make_noise_process(const Config& config);

}  // namespace difflm
