// Objectives: what the trainer minimises for one kind of model, and how it validates. The trainer depends on nothing else.
// A family with one entry per kind.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/data/batches.h"
#include "difflm/model/model_as.h"
#include "difflm/model/writer.h"
#include "difflm/training/document_labels.h"
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
};

// What an objective is made of.
struct ObjectiveSource {
  const TrainingRun& run;
  const Tensor& unigrams;  // [V] token counts of the training text

  template <class Wanted>
  std::shared_ptr<Wanted> model() const {
    return model_as<Wanted>(run.model, run.folder);
  }

  // Which of `labels` each text has. Throws a usage error, for `option`, where sequences are not whole texts.
  std::shared_ptr<const DocumentLabels> labels_of_texts(const std::vector<Label>& labels, const std::string& option) const;

  // The labels on which the model is conditioned, of each training text; null where it was built without.
  std::shared_ptr<const DocumentLabels> labels_to_tell() const;
};

using ObjectiveFamily = Family<Objective, const ObjectiveSource&>;
const ObjectiveFamily& objectives();

// The objective for the kind of model that `run` trains.
std::unique_ptr<Objective> make_objective(const TrainingRun& run, const Tensor& unigrams);

}  // namespace difflm
