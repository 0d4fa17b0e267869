#include "difflm/training/objective.h"

#include "difflm/training/autoregressive_objective.h"
#include "difflm/training/classifier_objective.h"
#include "difflm/training/diffusion_objective.h"
#include "difflm/training/span_objective.h"

namespace difflm {

std::unique_ptr<Objective> make_objective(const std::shared_ptr<LanguageModel>& model, const Config& config, const Packing& packing,
                                          const Tensor& unigrams) {
  if (auto diffusion = std::dynamic_pointer_cast<DiffusionModel>(model)) {
    return std::make_unique<DiffusionObjective>(diffusion, config, unigrams);
  }
  if (auto autoregressive = std::dynamic_pointer_cast<AutoregressiveModel>(model)) {
    return std::make_unique<AutoregressiveObjective>(autoregressive, packing.frame());
  }
  if (auto classifier = std::dynamic_pointer_cast<ClassifierModel>(model)) {
    return std::make_unique<ClassifierObjective>(classifier);
  }
  if (auto spans = std::dynamic_pointer_cast<SpanClassifier>(model)) return std::make_unique<SpanObjective>(spans);
  throw failure("objective", "no objective for a model of kind " + model->kind());
}

}  // namespace difflm
