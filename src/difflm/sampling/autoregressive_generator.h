// Texts token by token: each drawn from the softmax of the logits over the temperature, until END, or until the text has the length
// that was asked for. A text longer than the model's sequences is written on from its end. Guidance towards labels is that of
// Sanchez et al. 2023 (arXiv 2306.17806): the logits move along the change that the labels make in them.
#pragma once

#include <optional>

#include "difflm/model/autoregressive_model.h"
#include "difflm/sampling/spelled_characters.h"
#include "difflm/sampling/steering.h"
#include "difflm/sampling/text_generator.h"
#include "difflm/sampling/word_paths.h"

namespace difflm {

class AutoregressiveGenerator : public TextGenerator {
 public:
  using Options = NoOptions;  // those of section sampling

  // Of the steering only the labels, the guidance of the next token and what the texts begin with are used.
  AutoregressiveGenerator(const Options&, const GeneratorSource& source);

  GeneratedBatch generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events) override;
  bool ends_texts_itself() const override { return true; }
  bool writes_on() const override { return true; }

 private:
  // Logits of the tokens that follow `inputs`, [B,T] -> [B,V].
  Tensor next_logits(const Tensor& inputs);

  // What the model reads of `inputs` [B,T]: all, or where they are longer than its sequences, their end.
  Tensor window(const Tensor& inputs) const;

  // The most probable tokens of logits [B,V] as the steering weighs them, the others impossible.
  Tensor weighed(const Tensor& inputs, const Tensor& logits);

  // The tokens that text `index` begins with, of at most `most`.
  Sequence beginning(int64_t index, int64_t most) const;

  Run& run_;
  AutoregressiveModel& model_;
  SamplingOptions options_;
  SampleRequest request_;
  Steering* steering_;  // null: none
  Condition condition_;
  SpelledCharacters characters_;
  std::optional<WordPaths> words_;  // with sampling.spelling=known
};

}  // namespace difflm
