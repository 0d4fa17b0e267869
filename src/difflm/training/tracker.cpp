#include "difflm/training/tracker.h"

#include "difflm/training/tracker/jsonl.h"
#include "difflm/training/tracker/tensorboard.h"

namespace difflm {

const TrackerFamily& trackers() {
  using F = TrackerFamily;
  static const F family("train.trackers", "where the numbers of a run go (a list)",
                        {
                            variant<F, JsonlTracker>("jsonl", "metrics.jsonl and samples.jsonl, one object per line"),
                            variant<F, TensorboardTracker>("tensorboard", "an event file for `tensorboard --logdir`"),
                        });
  return family;
}

}  // namespace difflm
