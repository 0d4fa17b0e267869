// TensorBoard's event file, through the writer of training/tensorboard.h.
#pragma once

#include "difflm/training/tensorboard.h"
#include "difflm/training/tracker.h"

namespace difflm {

class TensorboardTracker : public Tracker {
 public:
  using Options = NoOptions;
  TensorboardTracker(const Options&, const TrackerPlace& place)
      : writer_(place.folder, place.resumed_at > 0 ? std::optional<int64_t>(place.resumed_at + 1) : std::nullopt) {}

  void log(const TrackedStep& step) override { writer_.scalars({step.values.begin(), step.values.end()}, step.step); }
  void texts(const std::string& tag, const std::vector<std::string>& texts, int64_t step) override {
    writer_.texts(tag, texts, step);
  }

 private:
  TensorboardWriter writer_;
};

}  // namespace difflm
