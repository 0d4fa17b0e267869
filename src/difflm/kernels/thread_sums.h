// Sums over rows by several threads: each adds to its own row, then the rows are added in a fixed order.
#pragma once

#include <algorithm>

#include "difflm/kernels/buffer.h"
#include "difflm/kernels/parallel.h"

namespace difflm {

class ThreadSums {
 public:
  // result [columns] becomes the sum of what body(begin, end, sums) adds to the `sums` it is given, over shares of [0, count).
  template <class Body>
  void run(int64_t count, int64_t grain, int64_t columns, float* result, const Body& body) {
    const int64_t threads = thread_count();
    float* all = partial_.get(threads * columns);
    std::fill(all, all + threads * columns, 0.0F);
    for_shares(count, grain, [&](int64_t begin, int64_t end, int thread) { body(begin, end, all + thread * columns); });
    std::copy(all, all + columns, result);
    for (int64_t thread = 1; thread < threads; ++thread) {
      for (int64_t i = 0; i < columns; ++i) result[i] += all[thread * columns + i];
    }
  }

  int64_t reallocations() const { return partial_.reallocations(); }

 private:
  Buffer<float> partial_;
};

}  // namespace difflm
