// Objectives: what the trainer minimises for one kind of language model, and how it validates. The trainer knows nothing else.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "difflm/data/batches.h"
#include "difflm/training/training_run.h"

namespace difflm {

using NamedValues = std::vector<std::pair<std::string, double>>;

struct TrainingLoss {
  Tensor total;       // scalar, to be differentiated
  NamedValues terms;  // each term before its weight
};

struct ValidationLoss {
  double loss = 0;     // the number to compare between steps and to stop by
  NamedValues values;  // everything else worth logging
};

class Objective {
 public:
  virtual ~Objective() = default;

  // The loss of one batch; all randomness is a pure function of `seed`, which differs for each micro-batch.
  virtual TrainingLoss training(const Batch& batch, int64_t step, uint64_t seed) = 0;

  // The loss over `batches` with fixed noise and fixed noise levels. Runs without gradients and without dropout.
  virtual ValidationLoss validate(const std::vector<Batch>& batches) = 0;

  // What a resumed run needs beside weights and the optimiser.
  virtual std::vector<double> state() const { return {}; }
  virtual void restore(const std::vector<double>& /*state*/) {}
};

// The objective for the kind of model that `run` trains; `unigrams` are token counts of the training text.
std::unique_ptr<Objective> make_objective(const TrainingRun& run, const Tensor& unigrams);

}  // namespace difflm
