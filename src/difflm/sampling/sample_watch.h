// Tells the observer of a request what a batch looks like after each step, and remembers when it has asked to stop.
#pragma once

#include <vector>

#include "difflm/sampling/generate.h"

namespace difflm {

using ReadTexts = decltype(SampleStep::texts);
using ReadTextsBy = decltype(SampleStep::texts_by);

class SampleWatch {
 public:
  SampleWatch(const SampleEvents& events, const std::vector<int64_t>& indices, size_t steps)
      : events_(events), indices_(indices), steps_(steps) {}

  // `texts_by` is empty where tokens are not read from latents.
  void show(size_t step, double u, const ReadTexts& texts, const ReadTextsBy& texts_by = {}) {
    if (!events_.on_step) return;
    const ReadTextsBy same = [&](const std::string&) { return texts(); };
    stopped_ = !events_.on_step({before_ + step, steps_, u, indices_, texts, texts_by ? texts_by : same});
  }
  void begin_block(size_t steps_before) { before_ = steps_before; }
  bool stopped() const { return stopped_; }

 private:
  const SampleEvents& events_;
  const std::vector<int64_t>& indices_;
  size_t steps_;
  size_t before_ = 0;
  bool stopped_ = false;
};

}  // namespace difflm
