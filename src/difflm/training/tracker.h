// Trackers: where the numbers of a run go. A family; a run may have several.
#pragma once

#include <memory>

#include "difflm/core/family.h"
#include "difflm/training/objective.h"

namespace difflm {

// One line of metrics: "train/loss", "validation/loss", "learning_rate", ...
struct TrackedStep {
  int64_t step = 0;
  NamedValues values;
};

struct TrackerPlace {
  std::string folder;
  int64_t resumed_at = 0;  // 0 for a fresh run; what an earlier session logged after it is ignored
};

class Tracker {
 public:
  virtual ~Tracker() = default;
  virtual void log(const TrackedStep& step) = 0;
  virtual void texts(const std::string& /*tag*/, const std::vector<std::string>& /*texts*/, int64_t /*step*/) {}
};

using TrackerFamily = Family<Tracker, const TrackerPlace&>;
const TrackerFamily& trackers();  // train.trackers

}  // namespace difflm
