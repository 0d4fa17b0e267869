// Fixed shares of a range for the threads of OpenMP, the pool that LibTorch and oneDNN use too: equal results for equal
// numbers of threads.
#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>

namespace difflm {

constexpr int64_t kRowGrain = 8;        // minimum number of rows per thread
constexpr int64_t kValueGrain = 16384;  // minimum number of array values per thread

inline int thread_count() { return omp_get_max_threads(); }

// Runs body(begin, end, thread) on disjoint shares of [0, count), which are whole multiples of `grain` except the last. A range of
// a single grain runs on the calling thread.
template <class Body>
void for_shares(int64_t count, int64_t grain, const Body& body) {
  const int64_t grains = (count + grain - 1) / grain;
  const int threads = static_cast<int>(std::min<int64_t>(thread_count(), grains));
  if (threads <= 1) {
    if (count > 0) body(int64_t{0}, count, 0);
    return;
  }
#pragma omp parallel num_threads(threads)
  {
    const int64_t thread = omp_get_thread_num();
    const int64_t begin = grains * thread / threads * grain;
    const int64_t end = std::min(count, grains * (thread + 1) / threads * grain);
    if (begin < end) body(begin, end, static_cast<int>(thread));
  }
}

}  // namespace difflm
