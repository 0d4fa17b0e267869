#include "difflm/training/objective.h"

#include "difflm/training/autoregressive_objective.h"
#include "difflm/training/classifier_objective.h"
#include "difflm/training/diffusion_objective.h"
#include "difflm/training/prefix_objective.h"
#include "difflm/training/span_objective.h"

namespace difflm {
namespace {

// Which of `labels` the training texts have.
std::shared_ptr<const DocumentLabels> labels_of_texts(const TrainJob& job, const std::vector<Label>& labels) {
  if (job.packing->frame() == Frame::stream) {
    throw usage_error(job.model->kind() == "prefix-classifier" ? "model.prefix-classifier.base" : "model.labels",
                      "needs sequences that are whole texts, and data.packing joins them into a stream", "use data.packing=bucket");
  }
  return std::make_shared<const DocumentLabels>(job.data.documents(), labels);
}

// What the model is told of its training texts; null where it knows no labels.
std::shared_ptr<const DocumentLabels> labels_to_tell(const TrainJob& job) {
  const auto embedding = job.model->label_embedding();
  return embedding ? labels_of_texts(job, embedding->labels()) : nullptr;
}

}  // namespace

std::unique_ptr<Objective> make_objective(const TrainJob& job, const Tensor& unigrams) {
  if (auto diffusion = std::dynamic_pointer_cast<DiffusionModel>(job.model)) {
    return std::make_unique<DiffusionObjective>(diffusion, job.config, unigrams, labels_to_tell(job));
  }
  if (auto autoregressive = std::dynamic_pointer_cast<AutoregressiveModel>(job.model)) {
    return std::make_unique<AutoregressiveObjective>(autoregressive, job.packing->frame(), labels_to_tell(job));
  }
  if (auto classifier = std::dynamic_pointer_cast<ClassifierModel>(job.model)) {
    return std::make_unique<ClassifierObjective>(classifier, job.data);
  }
  if (auto spans = std::dynamic_pointer_cast<SpanClassifier>(job.model)) return std::make_unique<SpanObjective>(spans, job.data);
  if (auto prefixes = std::dynamic_pointer_cast<PrefixClassifier>(job.model)) {
    return std::make_unique<PrefixObjective>(prefixes, job.packing->frame(), labels_of_texts(job, prefixes->labels()));
  }
  throw failure("objective", "no objective for a model of kind " + job.model->kind());
}

}  // namespace difflm
