// What a run trains: a model that writes texts (writer.h), or one that reads those of another run's model (reader.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "difflm/model/embedding_space.h"
#include "difflm/text/label.h"

namespace difflm {

// What a model is built from: the resolved configuration and the vocabulary, and for a saved model its tensors.
struct ModelSource {
  const Config* config = nullptr;
  const Tokenizer* tokenizer = nullptr;
  int64_t max_length = 0;          // longest sequence in tokens
  std::vector<Label> labels = {};  // of the corpus, for models conditioned on them
  const NamedTensors* saved = nullptr;
  std::string saved_in = "model";  // their file, for messages
};

class LanguageModel : public torch::nn::Module {
 public:
  // Its name in the list of kinds (model_kind.h).
  std::string kind() const;

  // What the user should know about how it was built; empty where there is nothing.
  virtual std::string note() const { return {}; }

  // Before the first step of training: the log unigram probabilities of the training text, [V] float32.
  virtual void begin_with(const Tensor& /*log_prior*/) {}

  int64_t parameter_count() const;

  // Forward passes of its network since it was built, per sequence: a batch of B counts B times, a text read at two steps twice.
  // This is what sampling and steering cost on any machine.
  int64_t evaluations() const { return evaluations_; }

  // Whether the network's matrix products run in bfloat16.
  void set_autocast(bool enabled) { autocast_ = enabled; }
  bool autocast() const { return autocast_; }

 protected:
  void count_evaluations(const Tensor& batch) { evaluations_ += batch.size(0); }

 private:
  bool autocast_ = false;
  int64_t evaluations_ = 0;
};

// The model that `config` describes, on the CPU in float32, with parameters drawn from `seed`. With `source.saved` its tensors are
// loaded; throws a failure that names the tensor when one is missing, superfluous or of another shape.
std::shared_ptr<LanguageModel> build_model(const ModelSource& source, uint64_t seed);

// All parameters and buffers by their dotted names.
NamedTensors model_tensors(const LanguageModel& model);
void load_model_tensors(LanguageModel& model, const NamedTensors& tensors, const std::string& where);

}  // namespace difflm
