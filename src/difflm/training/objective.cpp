#include "difflm/training/objective.h"

#include "difflm/training/autoregressive_objective.h"
#include "difflm/training/classifier_objective.h"
#include "difflm/training/diffusion_objective.h"
#include "difflm/training/prefix_objective.h"
#include "difflm/training/span_objective.h"

namespace difflm {
namespace {

// Which of `labels` the training texts have.
std::shared_ptr<const DocumentLabels> labels_of_texts(const TrainingRun& run, const std::vector<Label>& labels) {
  if (run.packing->frame() == Frame::stream) {
    throw usage_error(run.model->kind() == "prefix-classifier" ? "model.prefix-classifier.base" : "model.labels",
                      "needs sequences that are whole texts, and data.packing joins them into a stream", "use data.packing=bucket");
  }
  return std::make_shared<const DocumentLabels>(run.data.documents(), labels);
}

// What the model is told of its training texts; null where it knows no labels.
std::shared_ptr<const DocumentLabels> labels_to_tell(const TrainingRun& run) {
  const auto embedding = run.model->label_embedding();
  return embedding ? labels_of_texts(run, embedding->labels()) : nullptr;
}

}  // namespace

std::unique_ptr<Objective> make_objective(const TrainingRun& run, const Tensor& unigrams) {
  if (auto diffusion = std::dynamic_pointer_cast<DiffusionModel>(run.model)) {
    return std::make_unique<DiffusionObjective>(diffusion, run.config, unigrams, labels_to_tell(run));
  }
  if (auto autoregressive = std::dynamic_pointer_cast<AutoregressiveModel>(run.model)) {
    return std::make_unique<AutoregressiveObjective>(autoregressive, run.packing->frame(), labels_to_tell(run));
  }
  if (auto classifier = std::dynamic_pointer_cast<ClassifierModel>(run.model)) {
    return std::make_unique<ClassifierObjective>(classifier, run.data);
  }
  if (auto spans = std::dynamic_pointer_cast<SpanClassifier>(run.model)) return std::make_unique<SpanObjective>(spans, run.data);
  if (auto prefixes = std::dynamic_pointer_cast<PrefixClassifier>(run.model)) {
    return std::make_unique<PrefixObjective>(prefixes, run.packing->frame(), labels_of_texts(run, prefixes->labels()));
  }
  throw failure("objective", "no objective for a model of kind " + run.model->kind());
}

}  // namespace difflm
