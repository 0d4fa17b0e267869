// Whole sampling steps: one estimate of the denoiser, which sees its previous estimate, and one step of the ddpm sampler
// with fresh noise. A text of 50 steps takes 50 of these.
#include <functional>
#include <memory>
#include <numeric>
#include <vector>

#include "bench.h"
#include "comparison.h"
#include "difflm/sampling/row_noise.h"
#include "difflm/sampling/sampler.h"
#include "trainee.h"

namespace difflm::bench {
namespace {

class Sampling {
 public:
  Sampling(const Size& size, const Way& way)
      : trainee_(size, way),
        table_(trainee_.model().table().detach()),
        sampler_(samplers().make("ddpm", trainee_.config())),
        noise_(seeds(size.batch), size.length, trainee_.model().dimension(), torch::kCPU),
        x_(noise_()),
        x0_(torch::zeros_like(x_)) {
    trainee_.model().eval();
  }

  // Returns the estimate, made from the same latent each time: the values of all ways stay comparable.
  Tensor step() {
    const torch::NoGradGuard no_grad;
    DiffusionModel& model = trainee_.model();
    constexpr double u = 0.5;
    const Tensor times = torch::full({x_.size(0)}, u, torch::kFloat64);
    const Tensor estimate = model.estimate({x_, times, x0_, {}}, table_).x0;
    sampler_->step(x_, estimate, {model.process().alpha_bar(u), model.process().alpha_bar(u - 0.02)}, std::ref(noise_));
    return estimate;
  }

 private:
  static std::vector<uint64_t> seeds(int64_t count) {
    std::vector<uint64_t> all(static_cast<size_t>(count));
    std::iota(all.begin(), all.end(), 1);
    return all;
  }

  Trainee trainee_;
  Tensor table_;  // [V,D]
  std::unique_ptr<Sampler> sampler_;
  RowNoise noise_;
  Tensor x_;   // [B,T,D]
  Tensor x0_;  // [B,T,D]
};

}  // namespace

void bench_sampling_step(Report& report, const Effort& effort) {
  for (const Size& size : {Size{6, 256, 1, 64}, Size{6, 256, 64, 64}, Size{8, 512, 64, 64}}) {
    Comparison comparison("sampling step", size.name());
    for (const Way& way : ways()) {
      const auto sampling = std::make_shared<Sampling>(size, way);
      comparison.add(way.name, [sampling] { return sampling->step(); });
    }
    comparison.run(report, effort);
  }
}

}  // namespace difflm::bench
