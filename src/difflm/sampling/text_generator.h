// What makes a batch of texts of one length with one kind of language model.
#pragma once

#include "difflm/sampling/generate.h"

namespace difflm {

class TextGenerator {
 public:
  virtual ~TextGenerator() = default;

  // Texts for the samples `indices`, sequences of `length` tokens. Sets `stopped` when an observer asked to stop.
  virtual std::vector<SampledText> generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events,
                                            bool& stopped) = 0;

  // True where the model ends its texts itself, so that `length` is only the limit.
  virtual bool writes_its_length() const = 0;
};

}  // namespace difflm
