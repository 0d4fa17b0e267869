// A text that an autoregressive model finds probable. The wish is its run folder; it was trained on the same texts with the same
// vocabulary.
//
// The energy is its mean log-probability per token, over tokens that are still uncertain: model/autoregressive_reader.h. It is a
// matter of degree, so no text fulfils or fails it.
#pragma once

#include "difflm/model/autoregressive_reader.h"
#include "difflm/model/runtime.h"
#include "difflm/steering/guide.h"

namespace difflm {

class FluencyGuide : public Guide {
 public:
  struct Options : GuideStrength {
    Options() { weight = 2; }  // more of it makes text dull (experiments/control)
  };
  FluencyGuide(const Options& options, const GuideSource& source) : Guide(options), judge_(source.wish, "fluency") {
    judge_.check_reads(*source.run.tokenizer, *source.run.packing, "fluency");
    use_runtime(read_options<RuntimeOptions>(source.run.config, "runtime"), *judge_.run().model);
  }

  Tensor log_probability(const GuideView& view) const override { return judge_.log_likelihood(view.probabilities); }
  bool is_graded() const override { return true; }
  int64_t own_evaluations() const override { return judge_.run().model->evaluations(); }
  std::optional<bool> is_fulfilled(std::span<const Token>) const override { return {}; }

 private:
  AutoregressiveReader judge_;
};

}  // namespace difflm
