// Objectives: what the trainer minimises for one kind of model, and how it validates. The trainer knows nothing else. A family with
// one entry per kind.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/data/batches.h"
#include "difflm/model/model_as.h"
#include "difflm/model/writer.h"
#include "difflm/training/sequence_labels.h"
#include "difflm/training/train_job.h"

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

// What an objective is made of.
struct ObjectiveSource {
  const TrainJob& job;
  const Tensor& unigrams;  // [V] token counts of the training text

  template <class Wanted>
  std::shared_ptr<Wanted> model() const {
    return model_as<Wanted>(job.model, job.folder);
  }

  // Which of `labels` the training texts have. Throws a usage error, for `option`, where sequences are no whole texts.
  std::shared_ptr<const SequenceLabels> labels_of_texts(const std::vector<Label>& labels, const std::string& option) const;

  // The labels of which the model is told for each training text; null where it was built without.
  std::shared_ptr<const SequenceLabels> labels_to_tell() const;
};

using ObjectiveFamily = Family<Objective, const ObjectiveSource&>;
const ObjectiveFamily& objectives();

// The objective for the kind of model that `job` trains.
std::unique_ptr<Objective> make_objective(const TrainJob& job, const Tensor& unigrams);

}  // namespace difflm
