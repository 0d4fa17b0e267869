#include "difflm/training/objective.h"

#include "difflm/model/model_kind.h"
#include "difflm/training/autoregressive_objective.h"
#include "difflm/training/classifier_objective.h"
#include "difflm/training/diffusion_objective.h"
#include "difflm/training/prefix_objective.h"
#include "difflm/training/span_objective.h"

namespace difflm {

const ObjectiveFamily& objectives() {
  using F = ObjectiveFamily;
  static const F family("objective", "what each kind of model is trained by",
                        {
                            variant<F, DiffusionObjective>("diffusion", "tokens recovered from noised embeddings"),
                            variant<F, AutoregressiveObjective>("autoregressive", "nats per next token"),
                            variant<F, ClassifierObjective>("classifier", "nats of a text's labels, at all noise levels"),
                            variant<F, SpanObjective>("span-classifier", "nats of the labels of each pair of words"),
                            variant<F, PrefixObjective>("prefix-classifier", "nats of a text's labels after each word"),
                        });
  return family;
}

std::shared_ptr<const DocumentLabels> ObjectiveSource::labels_of_texts(const std::vector<Label>& labels,
                                                                       const std::string& option) const {
  if (run.packing->frame() == Frame::stream) {
    throw usage_error(option, "needs sequences that are whole texts, but data.packing joins texts into a stream",
                      "use data.packing=bucket");
  }
  return std::make_shared<const DocumentLabels>(run.data.documents(), labels);
}

std::shared_ptr<const DocumentLabels> ObjectiveSource::labels_to_tell() const {
  const auto embedding = model<Writer>()->label_embedding();
  return embedding ? labels_of_texts(embedding->labels(), "model.labels") : nullptr;
}

std::unique_ptr<Objective> make_objective(const TrainingRun& run, const Tensor& unigrams) {
  return make_for_kind(objectives(), run.model->kind(), ObjectiveSource{run, unigrams});
}

}  // namespace difflm
