// What makes a batch of texts of one length with one kind of model. A family with one entry per kind that writes.
#pragma once

#include "difflm/core/family.h"
#include "difflm/model/model_as.h"
#include "difflm/sampling/generate.h"

namespace difflm {

struct GeneratedBatch {
  std::vector<SampledText> texts;
  bool stopped = false;  // an observer asked to stop; the texts are unfinished
};

class TextGenerator {
 public:
  virtual ~TextGenerator() = default;

  // Texts for the samples `indices`, sequences of `length` tokens.
  virtual GeneratedBatch generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events) = 0;

  // True where the model ends its texts itself, so that `length` is only the limit.
  virtual bool ends_texts_itself() const = 0;

  // Whether it can write texts longer than the sequences of the model.
  virtual bool writes_on() const = 0;
};

// What a generator is made of.
struct GeneratorSource {
  Run& run;
  const SamplingOptions& options;
  const SampleRequest& request;
  Steering* steering;  // null: none

  template <class Wanted>
  Wanted& model() const {
    return *model_as<Wanted>(run.model, run.folder);
  }
};

using GeneratorFamily = Family<TextGenerator, const GeneratorSource&>;
const GeneratorFamily& generators();

}  // namespace difflm
