// The benchmarks, one per file. Each adds its rows to the report.
#pragma once

#include "report.h"
#include "timing.h"

namespace difflm::bench {

void bench_blocks(Report& report, const Effort& effort);         // transformer blocks: forward, backward
void bench_rounding(Report& report, const Effort& effort);       // softmax rounding: cross-entropy, mean embedding
void bench_optimizer(Report& report, const Effort& effort);      // clipping, AdamW, moving average
void bench_training_step(Report& report, const Effort& effort);  // whole steps of training
void bench_sampling_step(Report& report, const Effort& effort);  // whole steps of sampling
void bench_growth(Report& report, const Effort& effort);         // how a step's time grows with each size
void bench_threads(Report& report, const Effort& effort);        // one thread and two
void bench_memory(Report& report, const Effort& effort);         // peak memory of training, one process per way
void bench_loss_curve(Report& report, const Effort& effort);     // that all ways learn alike

// What bench_memory runs in separate processes: trains a few steps and prints its memory as JSON.
int print_memory(const std::string& way, int64_t layers, int64_t width);

}  // namespace difflm::bench
