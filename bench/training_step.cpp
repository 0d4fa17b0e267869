// Whole training steps of the diffusion model: loss, gradients, clipping, update. The share of the matrix peak counts the
// operations that the model needs (step_operations in trainee.cpp), not those that a way spends.
#include <memory>

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
}

}  // namespace difflm::bench
