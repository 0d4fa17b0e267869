#include "difflm/diffusion/noise_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "difflm/core/error.h"
#include "difflm/diffusion/noise_process/gaussian.h"
#include "difflm/diffusion/noise_process/mask.h"
#include "difflm/diffusion/noise_process/mixed.h"
#include "difflm/diffusion/noise_process/uniform.h"
#include "difflm/diffusion/time_sampling.h"

namespace difflm {

namespace {
// Keeps x0 = (x_t - sqrt(1 - alpha_bar) noise) / sqrt(alpha_bar) finite at u = 1.
constexpr double kLeastSignal = 1e-5;

// Keeps u = (i+1)/T, computed in floating point, from being lifted to the next step.
constexpr double kGridSlack = 1e-6;
}  // namespace

const NoiseProcessFamily& noise_processes() {
  using F = NoiseProcessFamily;
  static const F family("noise.process", "what takes the place of words",
                        {
                            variant<F, GaussianNoise>("gaussian", "normal noise in the space of embeddings"),
                            variant<F, MaskNoise>("mask", "words are hidden, and the network sees which"),
                            variant<F, UniformNoise>("uniform", "words are replaced by others, and the network does not see which"),
                            variant<F, MixedNoise>("mixed", "words are hidden or replaced by others"),
                        });
  return family;
}

std::unique_ptr<NoiseProcess> make_noise_process(const Config& config) {
  const auto options = read_options<NoiseOptions>(config, "noise");
  return noise_processes().make(options.process, config, options, config);
}

void NoiseOptions::describe(OptionVisitor& visitor) {
  visitor.choice("process", process, "what takes the place of words", noise_processes().names());
  visitor.choice("schedule", schedule, "how fast the signal falls", schedules().names());
  visitor.field("steps", steps, "T of the discrete form, 0 for continuous time", {0, 1e6});
  visitor.field("cap", cap, "largest beta of the discrete form", {0, 0.999999});
  visitor.field("start_noise", start_noise, "x_0 is the embedding plus the first step's noise, as in Diffusion-LM");
  visitor.choice("times", times, "how training draws noise levels", time_samplings().names());
}

NoiseProcess::NoiseProcess(const NoiseOptions& options, const Config& config)
    : schedule_(schedules().make(options.schedule, config)), steps_(options.steps) {
  double product = 1;
  for (int64_t i = 0; i < steps_; ++i) {
    betas_.push_back(std::min(schedule_->beta(i, steps_), options.cap));
    product *= 1 - betas_.back();
    alpha_bars_.push_back(product);
  }
  if (options.start_noise) {
    if (steps_ == 0) {
      throw usage_error("noise.start_noise", "needs the discrete form, expected noise.steps > 0",
                        "the reference uses noise.steps=2000");
    }
    start_stddev_ = std::sqrt(1 - alpha_bars_.front());
  }
}

double NoiseProcess::snap(double u) const {
  if (steps_ == 0) return u;
  const auto count = static_cast<double>(steps_);
  return std::clamp(std::ceil(u * count - kGridSlack), 1.0, count) / count;
}

double NoiseProcess::alpha_bar(double u) const {
  if (!(u >= 0 && u <= 1)) throw usage_error("alpha_bar", fmt::format("u is {}, expected 0 to 1", u));
  if (steps_ == 0) return std::clamp(schedule_->signal(u), kLeastSignal, 1.0);
  if (u == 0) return 1;
  const double position = std::ceil(u * static_cast<double>(steps_) - kGridSlack);
  return alpha_bars_[static_cast<size_t>(std::clamp(position, 1.0, static_cast<double>(steps_))) - 1];
}

double NoiseProcess::level(double alpha_bar) const {
  double clean = 0;
  double noisy = 1;
  for (int halving = 0; halving < 50; ++halving) {
    const double middle = (clean + noisy) / 2;
    (schedule_->signal(middle) > alpha_bar ? clean : noisy) = middle;
  }
  return noisy;
}

Tensor NoiseProcess::alpha_bar(const Tensor& u) const {
  const Tensor times = u.to(torch::kCPU, torch::kFloat64).contiguous();
  Tensor result = torch::empty_like(times);
  std::transform(times.data_ptr<double>(), times.data_ptr<double>() + times.numel(), result.data_ptr<double>(),
                 [this](double value) { return alpha_bar(value); });
  return result.to(u.device(), torch::kFloat32);
}

Tensor NoiseProcess::network_time(const Tensor& u) const {
  const double first = steps_ == 0 ? 0 : 1 / static_cast<double>(steps_);
  return ((u.to(torch::kFloat64) - first) * 1000).to(torch::kFloat32);
}

std::vector<double> NoiseProcess::sampling_times(int64_t count) const {
  if (count < 1) throw usage_error("steps", fmt::format("is {}, expected at least 1", count));
  std::vector<double> times;
  if (steps_ == 0) {
    for (int64_t k = 0; k < count; ++k) times.push_back(1 - static_cast<double>(k) / static_cast<double>(count));
    return times;
  }
  if (count > steps_) {
    throw usage_error("steps", fmt::format("is {}, but the model has {} noise steps", count, steps_),
                      "ask for fewer sampling steps");
  }
  const double stride = count == 1 ? 1 : static_cast<double>(steps_ - 1) / static_cast<double>(count - 1);
  for (int64_t k = count - 1; k >= 0; --k) {
    const double index = count == 1 ? static_cast<double>(steps_ - 1) : std::nearbyint(static_cast<double>(k) * stride);
    times.push_back((index + 1) / static_cast<double>(steps_));
  }
  return times;
}

}  // namespace difflm
