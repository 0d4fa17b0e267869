// Where a model runs: device, threads, precision.
#pragma once

#include "difflm/core/options.h"
#include "difflm/model/language_model.h"

namespace difflm {

struct RuntimeOptions {
  std::string device = "auto";
  std::string kernels = "auto";
  std::string instructions = "auto";
  int64_t threads = 0;
  bool autocast = true;
  void describe(OptionVisitor& visitor);
};

// "auto" is cuda where there is one. Throws a usage error for cuda without a device.
torch::Device choose_device(const RuntimeOptions& options);

// Sets the number of CPU threads, of the whole process.
void use_threads(const RuntimeOptions& options);

// Moves `model` to its device, sets threads and precision; returns the device.
torch::Device use_runtime(const RuntimeOptions& options, LanguageModel& model);

}  // namespace difflm
