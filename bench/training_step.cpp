// Whole training steps of the diffusion model: loss, gradients, clipping, update. The share of the matrix peak counts the
// operations that the model needs (step_operations in trainee.cpp), not those that a way spends.
#include <memory>
#include <string>

#include "bench.h"
#include "comparison.h"
#include "trainee.h"

namespace difflm::bench {

void bench_training_step(Report& report, const Effort& effort) {
  for (const Size& size : {Size{4, 128, 64, 18}, Size{6, 256, 1, 64}, Size{6, 256, 64, 64}, Size{6, 256, 16, 256},
                           Size{8, 512, 64, 64}, Size{12, 768, 64, 64}}) {
    Comparison comparison("training step", size.name());
    for (const Way& way : ways()) {
      const auto trainee = std::make_shared<Trainee>(size, way);
      comparison.add(way.name, [trainee] {
        trainee->step();
        return Tensor();
      });
    }
    comparison.set_operations(step_operations(size));
    comparison.set_facts({{"layers", size.layers},
                          {"width", size.width},
                          {"batch", size.batch},
                          {"length", size.length},
                          {"words", size.vocabulary}});
    comparison.run(report, effort);
  }
  // Each process as its preset has it, with our kernels.
  const Size size = {4, 192, 64, 32, 8192};
  Comparison by_noise("training step by noise", size.name());
  for (const auto& name : noise_processes().names()) {
    Size own = size;
    own.noise = name;
    const auto trainee = std::make_shared<Trainee>(own, ways().front());
    by_noise.add(name, [trainee] {
      trainee->step();
      return Tensor();
    });
  }
  by_noise.run(report, effort);
}

}  // namespace difflm::bench
