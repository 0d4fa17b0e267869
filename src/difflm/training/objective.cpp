#include "difflm/training/objective.h"

#include "difflm/model/model_kind.h"
#include "difflm/model/run_folder.h"
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
                            variant<F, DiffusionObjective>("diffusion", "words found again in noised embeddings"),
                            variant<F, AutoregressiveObjective>("autoregressive", "nats of each next token"),
                            variant<F, ClassifierObjective>("classifier", "nats of a text's labels, at all noise levels"),
                            variant<F, SpanObjective>("span-classifier", "nats of the labels between each two words"),
                            variant<F, PrefixObjective>("prefix-classifier", "nats of a text's labels after each word"),
                        });
  return family;
}

std::shared_ptr<const SequenceLabels> ObjectiveSource::labels_of_texts(const std::vector<Label>& labels,
                                                                       const std::string& option) const {
  if (job.packing->frame() == Frame::stream) {
    throw usage_error(option, "needs sequences that are whole texts, and data.packing joins them into a stream",
                      "use data.packing=bucket");
  }
  const int64_t length = read_options<DataOptions>(job.config, "data").length;
  return std::make_shared<const SequenceLabels>(
      annotated_sequences(prepared_folder(job.config, job.folder), *job.data.tokenizer, *job.packing, length), labels);
}

std::shared_ptr<const SequenceLabels> ObjectiveSource::labels_to_tell() const {
  const auto embedding = model<Writer>()->label_embedding();
  return embedding ? labels_of_texts(embedding->labels(), "model.labels") : nullptr;
}

std::unique_ptr<Objective> make_objective(const TrainJob& job, const Tensor& unigrams) {
  return make_for_kind(objectives(), job.model->kind(), ObjectiveSource{job, unigrams});
}

}  // namespace difflm
