// Texts token by token: each drawn from the softmax of the logits over the temperature, until END.
#pragma once

#include "difflm/model/autoregressive_model.h"
#include "difflm/sampling/text_generator.h"

namespace difflm {

class AutoregressiveGenerator : public TextGenerator {
 public:
  AutoregressiveGenerator(Run& run, AutoregressiveModel& model, const SamplingOptions& options, const SampleRequest& request);

  std::vector<SampledText> generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events,
                                    bool& stopped) override;
  bool writes_its_length() const override { return true; }

 private:
  Run& run_;
  AutoregressiveModel& model_;
  SamplingOptions options_;
  SampleRequest request_;
};

}  // namespace difflm
