// Objectives: what the trainer minimises for one kind of model, and how it validates. The trainer depends on nothing else.
// A family with one entry per kind.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"
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

// The seed of part `at` of a batch whose seed is `seed`.
inline uint64_t seed_of_part(uint64_t seed, size_t at) { return at == 0 ? seed : stream_seed(seed, "part", at); }

class Objective {
 public:
  virtual ~Objective() = default;

  // The mean loss over the sequences of a batch; all randomness is a pure function of `seed`, which differs for each batch.
  virtual TrainingLoss training(const BatchParts& batch, int64_t step, uint64_t seed) = 0;

  // The loss over `batches` with fixed noise and fixed noise levels. Runs without gradients and without dropout.
  virtual ValidationLoss validate(const std::vector<Batch>& batches) = 0;
};

// The loss of a batch from the mean losses of its parts, each by its share of the sequences; `of_part` gets a part and its own
// seed.
template <class OfPart>
TrainingLoss mean_over_parts(const BatchParts& batch, uint64_t seed, OfPart of_part) {
  TrainingLoss loss;
  const auto rows = static_cast<double>(rows_of(batch));
  for (size_t at = 0; at < batch.size(); ++at) {
    const TrainingLoss part = of_part(batch[at], seed_of_part(seed, at));
    const double share = static_cast<double>(batch[at].rows()) / rows;
    loss.total = at == 0 ? part.total * share : loss.total + part.total * share;
    loss.terms.resize(part.terms.size());
    for (size_t i = 0; i < part.terms.size(); ++i) {
      loss.terms[i].first = part.terms[i].first;
      loss.terms[i].second += share * part.terms[i].second;
    }
  }
  return loss;
}

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
