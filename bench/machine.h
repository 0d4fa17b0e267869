// What the machine can do at most: the fastest bfloat16 matrix product and the fastest stream through memory, measured in the
// process whose other figures are compared with them.
#pragma once

#include <nlohmann/json.hpp>

#include "timing.h"

namespace difflm::bench {

// Threads for LibTorch and so for OpenMP, 0 for one per processor; and for OpenBLAS, which does LibTorch's float32 products: the
// difflm command keeps it to one (model/runtime.cpp).
void use_threads(int count, int blas_threads = 1);

// Floating-point operations per second in the best of several runs of several shapes, by LibTorch's own product.
double matrix_peak(const Effort& effort);

// Seconds of a product of 4096 x 768 and 768 x 3072 bfloat16 numbers, the best of three: run in turn with other contestants it
// shows what the machine could do at that time.
Contestant peak_contestant();
double peak_operations();  // of that product

// Bytes per second of a = b + 3 c over arrays far larger than the caches, on all threads (reads caused by stores not counted).
double memory_bandwidth(const Effort& effort);

// Processor, threads, versions, peak and bandwidth.
nlohmann::ordered_json describe_machine(const Effort& effort);

}  // namespace difflm::bench
