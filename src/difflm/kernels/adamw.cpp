#include "difflm/kernels/adamw.h"

#include "difflm/kernels/parallel.h"
#include "difflm/kernels/vector_kernels.h"

namespace difflm {

void adamw_update(const AdamWStep& step, const float* gradients, float* values, float* first, float* second, float* average,
                  int64_t count) {
  const VectorKernels& vector = vector_kernels(best_instructions());
  constexpr int64_t kGrain = 1 << 15;  // minimum number of values per thread
  for_shares(count, kGrain, [&](int64_t begin, int64_t end, int) {
    vector.adamw_values(step, gradients + begin, values + begin, first + begin, second + begin, average + begin, end - begin);
  });
}

}  // namespace difflm
